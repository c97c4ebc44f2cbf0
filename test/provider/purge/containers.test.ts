import type { FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { errorOf, expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const method: PurgeMethod = { kind: "container" };
const generations = ["v3", "v5"] as const;
const toDelete = { method: "DELETE" } as const;
const containers = { "pr-42": { documents: 250, memories: 6 } };

describe.each(generations)("a container over %s", (apiVersion) => {
  test("goes with its documents and memories, by one request", async () => {
    const world = await startWorld({ apiVersion, containers });
    const outcome = await purgeTags(world, ["pr-42"], { method, event: "delete" });
    expect(outcome).toMatchObject({ planned: 250, deleted: 250, estimated: false });
    expect(outcome.tags).toMatchObject([{ memories: 6, absent: false, remaining: 0, lastSeen: 0, done: true }]);
    expect(deletes(world)).toHaveLength(1);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 250);
  });

  test("goes also when it is empty, for its memories", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": { documents: 0, memories: 6 } } });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ planned: 0, deleted: 0, tags: [{ memories: 6, absent: false, done: true }] });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 0);
  });

  test("that is not there is told as such", async () => {
    const world = await startWorld({ apiVersion });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ deleted: 0, tags: [{ memories: 0, absent: true, done: true }] });
    expectSound(world, 0);
  });

  test("needs the right of an owner or admin, which a refusal says, and then it stays as it is", async () => {
    const apiKeys = [{ key: "sm_member", role: "member" }] as const;
    const world = await startWorld({ apiVersion, apiKeys, containers });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
    expect(message).toContain(
      "deleted 0 of 250 documents in pr-42, then the key has no right to delete a whole container",
    );
    expect(message).toContain("owners and admins");
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 250, done: false }]);
    expectSound(world, 0);
  });

  test.each([
    ["a reset", { kind: "reset", when: "afterEffect" }],
    ["a 500", { kind: "serverError", when: "afterEffect" }],
    ["HTML", { kind: "notJson", when: "afterEffect" }],
  ] as const)(
    "whose answer is lost to %s after the effect is counted exactly, its memories as unknown",
    async (_what, then) => {
      const world = await startWorld({ apiVersion, containers, faults: [{ match: toDelete, then }] });
      const outcome = await purgeTags(world, ["pr-42"], { method });
      expect(outcome).toMatchObject({ deleted: 250, estimated: false });
      expect(outcome.tags).toMatchObject([{ memories: undefined, absent: false, done: true }]);
      expect(
        deletes(world)
          .map(({ status }) => status)
          .at(-1),
      ).toBe(404);
      expectSound(world, 250);
    },
  );

  test.each([
    ["a reset", { kind: "reset", when: "beforeEffect" }],
    ["a 500", { kind: "serverError", when: "beforeEffect" }],
  ] as const)("whose answer is lost to %s before the effect is deleted again", async (_what, then) => {
    for (const documents of [250, 0]) {
      const some = { "pr-42": { documents, memories: 6 } };
      const world = await startWorld({ apiVersion, containers: some, faults: [{ match: toDelete, then }] });
      const outcome = await purgeTags(world, ["pr-42"], { method });
      expect(outcome).toMatchObject({ deleted: documents, tags: [{ memories: 6, absent: false, done: true }] });
      expect(world.emulator.containers()).toEqual({ bystander: 3 });
      expectSound(world, documents);
    }
  });

  test("that is busy (409) is waited for", async () => {
    const documents = [{}, { processing: 40_000 }];
    const world = await startWorld({
      apiVersion,
      processingDeletes: "conflict",
      containers: { "pr-42": { documents } },
    });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ deleted: 2, tags: [{ done: true }] });
    expect(world.waits.map(({ reason }) => reason)).toContain("conflict");
    expectSound(world, 2);
  });

  test("that is busy beyond the timeout remains, and says so", async () => {
    const documents = [{}, { processing: "forever" as const }];
    const world = await startWorld({
      apiVersion,
      timeoutMs: 60_000,
      processingDeletes: "conflict",
      containers: { "pr-42": { documents } },
    });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
    expect(message).toContain("then the API answered 409 until the timeout of 1m; 2 remain");
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 2, done: false }]);
    expectSound(world, 0);
  });

  test("that a late writer makes anew stays after a create, with what was written", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(1)] });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome.tags).toMatchObject([{ deleted: 250, memories: 6, written: 2, lastSeen: 2, done: true }]);
    expect(world.emulator.containers()).toMatchObject({ "pr-42": 2 });
    expectSound(world, 250);
  });

  test("that a late writer makes anew goes again at the end of a life", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(1)] });
    const outcome = await purgeTags(world, ["pr-42"], { method, event: "delete" });
    expect(outcome.tags).toMatchObject([{ planned: 250, deleted: 252, memories: 6, lastSeen: 0, done: true }]);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 252);
  });

  test("that is made anew without end is an error after three rounds", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(9)] });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method, event: "delete" }));
    expect(message).toContain("then something still writes to pr-42: 2 documents came in while it was purged 3 times");
    expect(outcome.tags).toMatchObject([{ deleted: 254, remaining: 2, done: false }]);
    expectSound(world, 254);
  });
});

test("with maxDeletions 0 no container goes, not even an empty one, for its memories", async () => {
  const world = await startWorld({ containers: { "pr-42": { documents: 0, memories: 6 } } });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method, maxDeletions: 0, event: "delete" }));
  expect(error).toMatchObject({ name: "RefusedError", property: "maxDeletions" });
  expect(error.message).toContain("refusing to delete pr-42 with its memories: the limit is 0; nothing was deleted");
  expect(deletes(world)).toEqual([]);
  expect(world.emulator.containers()).toMatchObject({ "pr-42": 0 });
  expectSound(world, 0);
});

test("the documents of a container count against the limit, over all containers", async () => {
  const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 7 } });
  const error = await errorOf(purgeTags(world, ["pr-42", "pr-43"], { method, maxDeletions: 11 }));
  expect(error.message).toContain("refusing to delete 12 documents in pr-42 and pr-43: the limit is 11");
  expect(deletes(world)).toEqual([]);
  expectSound(world, 0);
});

test("a container is not deleted again beyond the limit, with what was written since the lost answer", async () => {
  const faults: FaultRule[] = [{ match: toDelete, then: { kind: "reset", when: "beforeEffect" } }];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  let attempts = 0;
  const onAttempt = (): void => {
    attempts += 1;
    if (attempts === 3)
      world.emulator.seed({ containers: { "pr-42": { documents: [{ createdAt: "2026-01-01T00:00:09Z" }] } } });
  };
  const { message } = await incomplete(
    purgeTags(world, ["pr-42"], { method, maxDeletions: 5, session: { onAttempt } }),
  );
  expect(message).toContain("the limit of 5 documents would be exceeded: 0 deleted, 6 still to go");
  expect(deletes(world)).toHaveLength(1);
  expectSound(world, 0);
});

test("a container with documents of a protected one does not go, and keep is no way out", async () => {
  const world = await startWorld({ containers: { "pr-42": { documents: [{}, { alsoIn: ["live"] }] } } });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method }));
  expect(error.message).toContain('1 document in it also belongs to "live"');
  expect(error.message).not.toContain("keep");
  expect(deletes(world)).toEqual([]);
  expectSound(world, 0);
});

function lateWriter(times: number): FaultRule {
  return { match: toDelete, times, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } };
}

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method: sent }) => sent === "DELETE");
}
