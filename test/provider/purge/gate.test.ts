import { RefusedError } from "../../../provider/errors";
import { Gate } from "../../../provider/purge/gate";
import { PackedIds } from "../../../provider/purge/packed-ids";
import type { TagPlan } from "../../../provider/purge/types";
import { type Asked, guardrails } from "../support/world";

test("a gate clears the containers of its plan and no other", () => {
  const gate = open({});
  expect(gate.clearTag("pr-42", 5)).toBe("pr-42");
  expect(gate.clearLeft(planOf("pr-43", 7), ["a"], 1)).toEqual([{ containerTag: "pr-43", ids: ["a"] }]);
  for (const clear of [() => gate.clearTag("pr-44", 0), () => gate.clearLeft(planOf("pr-44", 1), ["a"], 1)]) {
    expect(clear).toThrow("pr-44 is not part of this purge");
  }
});

test("a gate clears nothing of a container that was taken out, and counts it no longer", () => {
  const gate = open({ maxDeletions: 12 });
  gate.release("pr-42");
  for (const clear of [() => gate.clearTag("pr-42", 5), () => gate.clearLeft(planOf("pr-42", 5), ["a"], 1)]) {
    expect(clear).toThrow("pr-42 is not part of this purge");
  }
  expect(gate.clearTag("pr-43", 12)).toBe("pr-43");
});

test("a gate checks tags and address itself, whatever was checked before", () => {
  expect(() => open({ protectedTags: ["pr-43"] })).toThrow("it is listed in protectedTags");
  expect(() => open({ address: { recorded: "https://other.example" } })).toThrow("SUPERMEMORY_ACCEPT_BASE_URL");
  expect(() => open({ maxDeletions: 11 })).toThrow("the limit is 11");
});

test("a gate does not open for a count over v3 of documents that v5 may not delete from all containers", () => {
  const targets = [planOf("pr-42", 5), { ...planOf("pr-43", 7), elsewhere: 2 }];
  const method = { kind: "ids", select: undefined, sharedDocuments: "delete" } as const;
  const request = { resource: "memory", targets, guardrails: guardrails(), method, verify: true };
  const opened = (generation: "v3" | "v5") => () =>
    Gate.open(request, { tags: targets, total: 12, apiVersion: generation });
  expect(opened("v5")).toThrow("v5 may not delete the 2 documents that containers of this purge share");
  expect(opened("v3")).not.toThrow();
});

test("what is deleted and what is left of all containers together stay within the limit", () => {
  const gate = open({ maxDeletions: 12 });
  gate.clearTag("pr-42", 5);
  gate.settle("pr-42", 5, 0);
  gate.clearTag("pr-43", 7);
  expect(gate.hasRoomFor("pr-42", 0)).toBe(true);
  expect(gate.hasRoomFor("pr-42", 1)).toBe(false);
  expect(() => gate.clearLeft(planOf("pr-42", 5), ["a"], 1)).toThrow(RefusedError);
  gate.settle("pr-43", 6, 0);
  expect(gate.clearLeft(planOf("pr-42", 5), ["a"], 1)).toEqual([{ containerTag: "pr-42", ids: ["a"] }]);
});

test("a refused request leaves the room of the others as it was", () => {
  const gate = open({ maxDeletions: 12 });
  expect(() => gate.clearTag("pr-42", 6)).toThrow(
    "the limit of 12 documents would be exceeded: 0 deleted, 13 still to go",
  );
  expect(gate.clearTag("pr-43", 7)).toBe("pr-43");
});

test("a delete that was cleared is stopped when others have deleted more meanwhile", () => {
  const gate = open({ maxDeletions: 12 });
  gate.clearTag("pr-43", 7);
  gate.confirm("pr-43");
  gate.settle("pr-42", 6, 0);
  expect(() => {
    gate.confirm("pr-43");
  }).toThrow("6 deleted, 7 still to go");
});

test("a gate lets a container go as a whole only in a purge that is one of containers", () => {
  const byTag = open({});
  const whole = open({ method: { kind: "container" } });
  expect(() => byTag.clearContainer("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
  expect(() => whole.clearTag("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
  expect(whole.clearContainer("pr-42", 5)).toEqual({ container: "pr-42" });
});

test("a gate of a purge by ids clears the documents of its plan and no others", () => {
  const ids = new PackedIds();
  const all = Array.from({ length: 205 }, (_, index) => `id-${index}`);
  for (const id of all) ids.add(id);
  const gate = open({ method: { kind: "ids", select: undefined, sharedDocuments: "delete" } });
  const plan = { ...planOf("pr-42", 5), ids };
  const cleared = [...gate.clearPlanned(plan)];
  expect(cleared.map((batch) => batch.ids.length)).toEqual([100, 100, 5]);
  expect(cleared.flatMap((batch) => batch.ids)).toEqual(all);
  expect(gate.clearLeft(plan, ["id-7"], 1)).toEqual([{ containerTag: "pr-42", ids: ["id-7"] }]);
  expect(() => gate.clearLeft(plan, ["id-7", "id-205"], 2)).toThrow("not part of this purge");
  expect(() => gate.clearTag("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
});

function open(asked: Asked): Gate {
  const tags = [planOf("pr-42", 5), planOf("pr-43", 7)];
  const { method = { kind: "tag" } } = asked;
  const request = { resource: "memory", targets: tags, guardrails: guardrails(asked), method, verify: true };
  return Gate.open(request, { tags, total: 12, apiVersion: "v3" });
}

function planOf(containerTag: string, count: number): TagPlan {
  const seen = { newest: 0, alsoCarried: new Map<string, number>(), allTagsSeen: true, kept: [] };
  return { containerTag, event: "create", count, listed: count, ...seen };
}
