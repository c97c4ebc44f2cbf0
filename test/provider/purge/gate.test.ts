import { RefusedError } from "../../../provider/errors";
import { Gate } from "../../../provider/purge/guard";
import type { PurgeRequest, TagPlan } from "../../../provider/purge/types";
import { type Asked, guardrails } from "../support/world";

test("a gate clears the containers of its plan and no other", () => {
  const gate = open({});
  expect(gate.clearTag("pr-42", 5)).toBe("pr-42");
  expect(gate.clearIds("pr-43", ["a"], 1)).toEqual({ containerTag: "pr-43", ids: ["a"] });
  for (const clear of [() => gate.clearTag("pr-44", 0), () => gate.clearIds("pr-44", ["a"], 1)]) {
    expect(clear).toThrow("pr-44 is not part of this purge");
  }
});

test("a gate checks tags and address itself, whatever was checked before", () => {
  expect(() => open({ protectedTags: ["pr-43"] })).toThrow("it is listed in protectedTags");
  expect(() => open({ address: { recorded: "https://other.example" } })).toThrow("SUPERMEMORY_ACCEPT_BASE_URL");
  expect(() => open({ maxDeletions: 11 })).toThrow("the limit is 11");
});

test("what is deleted and what is left of all containers together stay within the limit", () => {
  const gate = open({ maxDeletions: 12 });
  gate.clearTag("pr-42", 5);
  gate.settle("pr-42", 5, 0);
  gate.clearTag("pr-43", 7);
  expect(gate.hasRoomFor("pr-42", 0)).toBe(true);
  expect(gate.hasRoomFor("pr-42", 1)).toBe(false);
  expect(() => gate.clearIds("pr-42", ["a"], 1)).toThrow(RefusedError);
  gate.settle("pr-43", 6, 0);
  expect(gate.clearIds("pr-42", ["a"], 1)).toEqual({ containerTag: "pr-42", ids: ["a"] });
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

function open(asked: Asked): Gate {
  const tags: TagPlan[] = Object.entries({ "pr-42": 5, "pr-43": 7 }).map(([containerTag, count]) => ({
    containerTag,
    event: "create",
    count,
    newest: 0,
    alsoCarried: new Map(),
    allTagsSeen: true,
  }));
  const request: PurgeRequest = { resource: "memory", targets: tags, guardrails: guardrails(asked), verify: true };
  return Gate.open(request, { tags, total: 12 });
}
