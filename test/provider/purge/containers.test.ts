import type { FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";
import { startRelay } from "../support/relay";

const method: PurgeMethod = { kind: "container" };
const versions = ["v3", "v5"] as const;
const toDelete = { method: "DELETE" } as const;
const containers = { "pr-42": { documents: 250, memories: 6 } };

describe.each(versions)("a container on %s", (apiVersion) => {
  test("is deleted with its documents and memories by one request", async () => {
    const world = await startWorld({ apiVersion, containers });
    const outcome = await purgeTags(world, ["pr-42"], { method, event: "delete" });
    expect(outcome).toMatchObject({ planned: 250, deleted: 250, estimated: false });
    expect(outcome.tags).toMatchObject([{ memories: 6, absent: false, remaining: 0, lastSeen: 0, done: true }]);
    expect(deletes(world)).toHaveLength(1);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 250);
  });

  test("is deleted with its memories when it has no documents", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": { documents: 0, memories: 6 } } });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ planned: 0, deleted: 0, tags: [{ memories: 6, absent: false, done: true }] });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 0);
  });

  test("that does not exist is reported as absent", async () => {
    const world = await startWorld({ apiVersion });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome).toMatchObject({ deleted: 0, tags: [{ memories: 0, absent: true, done: true }] });
    expectSound(world, 0);
  });

  test("is kept if the key is not an owner's or admin's, and the error explains it", async () => {
    const apiKeys = [{ key: "sm_member", role: "member" }] as const;
    const world = await startWorld({ apiVersion, apiKeys, containers });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
    expect(message).toContain(
      "deleted 0 of 250 documents in pr-42, then the key may not delete a whole container (403)",
    );
    expect(message).toMatch(/owner.* admin/);
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 250, done: false }]);
    expectSound(world, 0);
  });

  test.each([
    ["a reset", { kind: "reset", when: "afterEffect" }],
    ["a 500", { kind: "serverError", when: "afterEffect" }],
    ["HTML", { kind: "notJson", when: "afterEffect" }],
  ] as const)(
    "whose response is lost to %s after the effect is counted exactly, its memories as unknown",
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
  ] as const)("whose response is lost to %s before the effect is deleted again", async (_what, then) => {
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

  test("that is busy until the timeout remains, and the error names the 409", async () => {
    const documents = [{}, { processing: "forever" as const }];
    const world = await startWorld({
      apiVersion,
      timeoutMs: 60_000,
      processingDeletes: "conflict",
      containers: { "pr-42": { documents } },
    });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method }));
    expect(message).toMatch(/ 409 until the timeout .*; 2 remain\n/);
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 2, done: false }]);
    expectSound(world, 0);
  });

  test("that a writer creates again is kept after create, with the new documents", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(1)] });
    const outcome = await purgeTags(world, ["pr-42"], { method });
    expect(outcome.tags).toMatchObject([{ deleted: 250, memories: 6, written: 2, lastSeen: 2, done: true }]);
    expect(world.emulator.containers()).toMatchObject({ "pr-42": 2 });
    expectSound(world, 250);
  });

  test("that a writer creates again is deleted again on destroy", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(1)] });
    const outcome = await purgeTags(world, ["pr-42"], { method, event: "delete" });
    expect(outcome.tags).toMatchObject([{ planned: 250, deleted: 252, memories: 6, lastSeen: 0, done: true }]);
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expectSound(world, 252);
  });

  test("that a writer keeps creating is an error after three rounds", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [lateWriter(9)] });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method, event: "delete" }));
    expect(message).toContain(
      "deleted 254 documents in pr-42 (250 were planned) while new ones kept arriving; 2 remain\n",
    );
    expect(outcome.tags).toMatchObject([{ deleted: 254, remaining: 2, done: false }]);
    expectSound(world, 254);
  });
});

test("a container is not deleted again if documents written since exceed the limit", async () => {
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
  expect(message).toContain(
    "this would delete 6 documents, more than maxDeletions (5): 0 deleted so far, 6 left to delete",
  );
  expect(deletes(world)).toHaveLength(1);
  expectSound(world, 0);
});

function lateWriter(times: number): FaultRule {
  return { match: toDelete, times, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } };
}

function deletes({ emulator }: World) {
  return emulator.requests.filter(({ method: sent }) => sent === "DELETE");
}

const whole: PurgeMethod = { kind: "container" };

test.each(["v3", "v5"] as const)(
  "a container that still exists although %s reported it as deleted is deleted again",
  async (apiVersion) => {
    const world = await startWorld({
      apiVersion,
      containers: { "pr-42": { documents: 3, memories: 2 } },
      faults: [{ then: { kind: "partial", documents: 1 } }],
    });
    const outcome = await purgeTags(world, ["pr-42"], { method: whole });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expect(outcome).toMatchObject({ deleted: 3, tags: [{ done: true, absent: false, memories: 2 }] });
    expectSound(world, 3);
  },
);

test("a container that still exists is deleted again even if another delete emptied it", async () => {
  const answer = { success: true, containerTag: "pr-43", deletedDocumentsCount: 0, deletedMemoriesCount: 0 };
  for (const then of [
    { kind: "partial", documents: 0 },
    { kind: "wrongShape", body: answer, when: "beforeEffect" },
  ] as const) {
    const world = await startWorld({
      concurrency: 1,
      containers: { "pr-42": 2, "pr-43": { documents: 3, each: { alsoIn: ["pr-42"] }, memories: 1 } },
      faults: [{ match: { containerTag: "pr-43", method: "DELETE" }, then }],
    });
    const tags = then.kind === "partial" ? ["pr-43", "pr-42"] : ["pr-42", "pr-43"];
    const outcome = await purgeTags(world, tags, { method: whole });
    expect(world.emulator.containers()).toEqual({ bystander: 3 });
    expect(outcome).toMatchObject({ deleted: 5, tags: [{ done: true }, { done: true }] });
    expectSound(world, 5);
  }
});

test("a container that a writer created again is kept, whatever the first delete left", async () => {
  const world = await startWorld({
    containers: { "pr-42": 3 },
    faults: [
      { then: { kind: "partial", documents: 1 } },
      { match: { route: "documents.deleteBulk" }, then: { kind: "lateWriter", documents: 2, containerTag: "pr-42" } },
    ],
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: whole });
  expect(outcome).toMatchObject({ deleted: 3, tags: [{ done: true, written: 2 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(2);
  expectSound(world, 3);
});

test("a container is not deleted again if documents of a protected one are in it now", async () => {
  for (const alsoIn of [["live"], []]) {
    const world = await startWorld({
      containers: { "pr-42": 3, live: 1 },
      faults: [{ match: { method: "DELETE" }, then: { kind: "serverError", when: "beforeEffect" } }],
    });
    const { apiKey, url } = world.emulator;
    let lists = 0;
    const { api } = await startRelay(world, {
      before: async ({ path }) => {
        if (!path.endsWith("/list") || ++lists !== 2) return;
        const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
        const body = JSON.stringify({ content: "a note", containerTags: ["pr-42", ...alsoIn] });
        await fetch(`${url}/v3/documents`, { method: "POST", headers, body });
      },
    });
    const purged = purgeTags(world, ["pr-42"], { method: whole, session: { api } });
    if (alsoIn.length === 0) {
      expect(await purged).toMatchObject({ deleted: 4 });
      expectSound(world, 4);
    } else {
      const { message, outcome } = await incomplete(purged);
      expect(message).toContain('1 document in pr-42 also carries "live"');
      expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 3, done: false }]);
      expectSound(world, 0);
    }
  }
});
