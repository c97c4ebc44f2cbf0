import type { FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { errorOf, expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const generations = ["v3", "v5"] as const;
const toDelete = { method: "DELETE" } as const;
const tags = ["pr-42", "pr-43"];
const containers = { "pr-42": 450, "pr-43": 333 };

describe.each(generations)("right at the limit over %s", (apiVersion) => {
  test("concurrent batches of several containers run to their end", async () => {
    const world = await startWorld({ apiVersion, containers });
    const outcome = await purgeTags(world, tags, { method: exactly, maxDeletions: 783 });
    expect(outcome).toMatchObject({ deleted: 783, tags: [{ done: true }, { done: true }] });
    expectSound(world, 783);
  });

  test("one document more is refused before anything is deleted", async () => {
    const world = await startWorld({ apiVersion, containers });
    const error = await errorOf(purgeTags(world, tags, { method: exactly, maxDeletions: 782 }));
    expect(error.message).toContain(
      "this would delete 783 documents in pr-42 and pr-43, more than maxDeletions (782); nothing was deleted",
    );
    expect(deletes(world)).toEqual([]);
    expectSound(world, 0);
  });

  test("lost answers, lag and documents written meanwhile do not make it more", async () => {
    const faults: FaultRule[] = [
      { match: toDelete, nth: 1, then: { kind: "listLag", lists: 4 } },
      { match: toDelete, nth: 2, then: { kind: "reset", when: "afterEffect" } },
      { match: toDelete, nth: 3, then: { kind: "serverError", when: "beforeEffect" } },
      { match: toDelete, nth: 4, then: { kind: "lateWriter", documents: 50, containerTag: "pr-42" } },
      { match: toDelete, nth: 5, then: { kind: "rateLimit", retryAfter: 1 } },
    ];
    const world = await startWorld({ apiVersion, containers, faults });
    const outcome = await purgeTags(world, tags, { method: exactly, maxDeletions: 783, event: "delete" });
    expect(outcome).toMatchObject({ deleted: 783, tags: [{ done: true }, { done: true }] });
    expect(world.emulator.documents("pr-42")).toHaveLength(50);
    expectSound(world, 783);
  });
});

test("only the documents that go count against the limit, not those that are kept", async () => {
  const documents = Array.from({ length: 300 }, (_, index) => ({ metadata: { go: index < 7 } }));
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const method: PurgeMethod = { ...exactly, select: { metadata: { go: true } } };
  expect(await purgeTags(world, ["pr-42"], { method, maxDeletions: 7 })).toMatchObject({ deleted: 7 });
  expectSound(world, 7);
});

test("v5 deletes more documents than it looks at once, by tag, with one look for each 1,600", async () => {
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 3_450 } });
  const outcome = await purgeTags(world, ["pr-42"], { maxDeletions: 3_450, event: "delete" });
  expect(outcome).toMatchObject({ deleted: 3_450, estimated: false, tags: [{ done: true, lastSeen: 0 }] });
  expect(deletes(world)).toHaveLength(35);
  const lists = world.emulator.requests.length - 35;
  // Of the plan one; for the three windows 16, 16 and 3 pages; and the last look.
  expect(lists).toBe(1 + 16 + 16 + 3 + 1);
  expectSound(world, 3_450);
});

test("v5 leaves what is written while it deletes by tag, at create, wherever it lies in the list", async () => {
  const faults: FaultRule[] = [{ match: toDelete, nth: 4, then: { kind: "lateWriter", documents: 250 } }];
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 1_900 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ deleted: 1_900, tags: [{ done: true, written: 250, lastSeen: 250 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(250);
  expectSound(world, 1_900);
});

test("v5 that exceeds the limit by documents written between rounds stops, and says what is left", async () => {
  const faults: FaultRule[] = [{ match: toDelete, nth: 2, then: { kind: "lateWriter", documents: 30 } }];
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 250 }, faults });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { event: "delete", maxDeletions: 260 }));
  expect(message).toContain(
    "this would delete 280 documents, more than maxDeletions (260): 250 deleted so far, 30 left to delete",
  );
  expect(outcome.tags).toMatchObject([{ deleted: 250, remaining: 30, done: false }]);
  expectSound(world, 250);
});

test("v5 that answers the deletion of a container as a queued move is not believed, and not asked without end", async () => {
  const body = { status: "queued", operationId: "move_1", namespace: "pr-42", moveTo: "other" };
  const faults: FaultRule[] = [
    {
      match: { route: "v5.namespaces.delete" },
      times: Infinity,
      then: { kind: "wrongShape", status: 202, body, when: "beforeEffect" },
    },
  ];
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 5 }, faults });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: { kind: "container" } }));
  expect(message).toContain("deleted 0 of 5 documents in pr-42");
  expect(message).toContain("answered in another shape than the API documents: status");
  expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 5, done: false }]);
  expect(deletes(world).map(({ bodyBytes, hasQuery }) => [bodyBytes, hasQuery])).toEqual([
    [0, false],
    [0, false],
  ]);
  expectSound(world, 0);
});

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method }) => method === "DELETE");
}
