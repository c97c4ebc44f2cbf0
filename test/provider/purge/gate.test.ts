import { RefusedError } from "../../../provider/errors";
import { deletedIn } from "../../../provider/purge/accounting";
import { Gate } from "../../../provider/purge/gate";
import type { PurgeMethod, TagPlan } from "../../../provider/purge/types";
import { type Asked, guardrails } from "../support/world";

const byIds: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("clears the containers of its plan and no other", () => {
  const gate = open({});
  expect(gate.clearTag("pr-42", 5)).toBe("pr-42");
  expect(gate.clearIds(planOf("pr-43", 7), ["a"])).toEqual({ containerTag: "pr-43", ids: ["a"] });
  expectNotInPurge(gate, "pr-44");
  expect(() => open({ method: { kind: "container" } }).clearContainer("pr-44", 0)).toThrow("not part of this purge");
  expect(() => gate.clearIds({ ...planOf("pr-44", 1), ids: new Set("a") }, ["a"])).toThrow("not part of this purge");
});

test("clears nothing in a released container, and no longer counts it", () => {
  const gate = open({ maxDeletions: 12 });
  gate.release("pr-42");
  expectNotInPurge(gate, "pr-42");
  expect(gate.clearTag("pr-43", 12)).toBe("pr-43");
});

test("checks tags, address and plan itself, whatever was checked before", () => {
  expect(() => open({ protectedTags: ["pr-43"] })).toThrow("protectedTags contains it");
  expect(() => open({ address: { recorded: "https://other.example" } })).toThrow("SUPERMEMORY_ACCEPT_BASE_URL");
  expect(() => open({ maxDeletions: 11 })).toThrow("more than maxDeletions (11)");
});

test("checks a later list of a container for protected tags", () => {
  const gate = open({});
  gate.admitAgain(planOf("pr-42", 5));
  expect(() => {
    gate.admitAgain({ ...planOf("pr-42", 5), alsoCarried: new Map([["live", 1]]) });
  }).toThrow('also carries "live"');
});

test("keeps what is deleted and what is left in all containers within the limit", () => {
  const gate = open({ maxDeletions: 12 });
  gate.clearTag("pr-42", 5);
  deleted(gate, "pr-42", 5);
  gate.clearTag("pr-43", 7);
  expect([gate.hasRoomFor("pr-42", 0), gate.hasRoomFor("pr-42", 1)]).toEqual([true, false]);
  expect(() => {
    gate.admitLeft("pr-42", 1);
  }).toThrow(RefusedError);
  deleted(gate, "pr-43", 6);
  gate.record("pr-43", { kind: "listed", listing: { ofPlan: 0, written: 0, others: 0 } });
  gate.admitLeft("pr-42", 1);
  expect(gate.clearIds(planOf("pr-42", 5), ["a"])).toEqual({ containerTag: "pr-42", ids: ["a"] });
});

test("adds up what is deleted in all containers, and keeps an account of each", () => {
  const gate = open({});
  deleted(gate, "pr-42", 3);
  deleted(gate, "pr-43", 7);
  expect(gate.deleted).toBe(10);
  expect(["pr-42", "pr-43"].map((tag) => deletedIn(gate.account(tag)))).toEqual([3, 7]);
  expect(() => gate.account("pr-44")).toThrow("pr-44 is not part of this purge");
});

test("a refused clearance reserves nothing", () => {
  const gate = open({ maxDeletions: 12 });
  expect(() => gate.clearTag("pr-42", 6)).toThrow(
    "this would delete 13 documents, more than maxDeletions (12): 0 deleted so far, 13 left to delete",
  );
  expect(gate.clearTag("pr-43", 7)).toBe("pr-43");
});

test("a clearance reserves its documents until they are deleted", () => {
  const gate = open({ maxDeletions: 20 });
  gate.clearTag("pr-42", 13);
  expect(() => gate.clearTag("pr-43", 8)).toThrow("21 left to delete");
  deleted(gate, "pr-42", 5);
  expect(gate.clearTag("pr-43", 8)).toBe("pr-43");
});

test("a cleared delete is stopped if others deleted more since", () => {
  const gate = open({ maxDeletions: 12 });
  gate.clearTag("pr-43", 7);
  gate.confirm("pr-43");
  deleted(gate, "pr-42", 6);
  expect(() => {
    gate.confirm("pr-43");
  }).toThrow("6 deleted so far, 7 left to delete");
});

test("a batch of a plan is stopped if others deleted more since", () => {
  const gate = open({ maxDeletions: 12, method: byIds });
  const plan = { ...planOf("pr-43", 7), ids: new Set(numbered(101)) };
  expect(gate.clearIds(plan, numbered(100))).toMatchObject({ containerTag: "pr-43" });
  deleted(gate, "pr-42", 6);
  expect(() => gate.clearIds(plan, ["id-100"])).toThrow(RefusedError);
});

test("clears a whole tag or container only in a purge of that kind", () => {
  const [byTag, whole] = [open({}), open({ method: { kind: "container" } })];
  expect(() => byTag.clearContainer("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
  expect(() => whole.clearTag("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
  expect(() => open({ method: byIds }).clearTag("pr-42", 5)).toThrow("does not delete pr-42 as a whole");
  expect(whole.clearContainer("pr-42", 5)).toEqual({ container: "pr-42" });
});

test("by ids it clears the documents of the plan and no others", () => {
  const gate = open({ method: byIds });
  const plan = { ...planOf("pr-42", 5), ids: new Set(numbered(205)) };
  expect(gate.clearIds(plan, ["id-7"])).toEqual({ containerTag: "pr-42", ids: ["id-7"] });
  expect(() => gate.clearIds(plan, ["id-7", "id-205"])).toThrow("not part of this purge");
});

test.each<[string, Partial<TagPlan>, boolean]>([
  ["all tags are known and none is in the purge", { alsoCarried: new Map([["elsewhere", 1]]) }, false],
  ["all tags are known and one is in the purge", { alsoCarried: new Map([["pr-43", 1]]) }, true],
  ["not all tags are known", { allTagsSeen: false }, true],
])("another container may share documents: %s", (_what, given, overlaps) => {
  const gate = open({}, [{ ...planOf("pr-42", 5), ...given }, planOf("pr-43", 7)]);
  expect(gate.account("pr-42").round.overlaps).toBe(overlaps);
  const alone = open({}, [{ ...planOf("pr-42", 5), ...given }]);
  expect(alone.account("pr-42").round.overlaps).toBe(false);
  const later = open({}, [planOf("pr-42", 5), planOf("pr-43", 7)]);
  later.recount({ ...planOf("pr-42", 5), ...given });
  expect(later.account("pr-42").round.overlaps).toBe(overlaps);
});

function open(asked: Asked, tags: readonly TagPlan[] = [planOf("pr-42", 5), planOf("pr-43", 7)]): Gate {
  const { method = { kind: "tag" } } = asked;
  const request = { resource: "memory", targets: tags, guardrails: guardrails(asked), method, verify: true };
  return Gate.open(request, { tags, total: tags.reduce((sum, { count }) => sum + count, 0), apiVersion: "v3" });
}

function planOf(containerTag: string, count: number): TagPlan {
  const seen = { newest: 0, alsoCarried: new Map<string, number>(), allTagsSeen: true, kept: [] };
  return { containerTag, event: "create", count, listed: count, ...seen };
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `id-${index}`);
}

function deleted(gate: Gate, tag: string, deletedCount: number): void {
  const rest = { absent: 0, repeated: false, memories: undefined, lost: false };
  gate.record(tag, { kind: "deleted", target: "tag", deletedCount, ...rest });
}

function expectNotInPurge(gate: Gate, tag: string): void {
  for (const clear of [() => gate.clearTag(tag, 1), () => gate.clearIds(planOf(tag, 1), ["a"])]) {
    expect(clear).toThrow(`${tag} is not part of this purge`);
  }
}
