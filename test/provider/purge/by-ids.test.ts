import type { PurgeMethod } from "../../../provider/purge/types";
import { expectSound, incomplete, purgeTags, sent, startWorld, type World } from "../support/world";
import type { FaultRule } from "../../../emulator/index";
import { idsIn, startRelay } from "../support/relay";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("a purge by ids lists the whole container, oldest first, before it deletes", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 } });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
  expect(sent(world)).toEqual([
    ...Array.from({ length: 3 }, () => "list pr-42"),
    "delete 100 ids",
    "delete 100 ids",
    "delete 50 ids",
    "list pr-42",
  ]);
  expect(world.emulator.requests.slice(0, 3).map(({ body }) => body)).toEqual(
    [1, 2, 3].map((page) => expect.objectContaining({ page, order: "asc", limit: 100 }) as unknown),
  );
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ done: true, remaining: 0, lastSeen: 0 }] });
  expectSound(world, 250);
});

test("keeps documents that are written after the count, also on destroy", async () => {
  const world = await startWorld({
    containers: { "pr-42": 120 },
    faults: [{ match: { method: "DELETE" }, then: { kind: "lateWriter", documents: 3, containerTag: "pr-42" } }],
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, event: "delete" });
  expect(outcome).toMatchObject({ deleted: 120, tags: [{ done: true, written: 3, lastSeen: 3 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(3);
  expectSound(world, 120);
});

const versions = ["v3", "v5"] as const;
const toDelete = { method: "DELETE" } as const;

describe.each(versions)("a purge by ids on %s", (apiVersion) => {
  test("deletes exactly the counted documents, at most a hundred per request", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": 1_234 } });
    const before = world.emulator.documents("pr-42").map(({ id }) => id);
    const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
    const batches = idsSent(world);
    expect(batches.map((batch) => batch.length).sort((a, b) => b - a)).toEqual([...Array<number>(12).fill(100), 34]);
    expect(batches.flat().sort()).toEqual([...before].sort());
    expect(outcome).toMatchObject({ planned: 1_234, deleted: 1_234, tags: [{ done: true }] });
    expectSound(world, 1_234);
  });

  test.each([1, 3, 8])("sends at most %i deletes at a time, and as many", async (concurrency) => {
    const faults: FaultRule[] = [{ match: toDelete, times: Infinity, then: { kind: "slow" } }];
    const world = await startWorld({ apiVersion, concurrency, containers: { "pr-42": 1_100 }, faults });
    const relay = await startRelay(world, { apiVersion, concurrency });
    const outcome = purgeTags(world, ["pr-42"], { method: exactly, session: { api: relay.api } });
    for (let left = 11; left > 0; left -= concurrency) {
      await world.emulator.whenHeld(Math.min(left, concurrency));
      world.emulator.release();
    }
    expect((await outcome).deleted).toBe(1_100);
    expect(relay.mostDeletes).toBe(concurrency);
    expectSound(world, 1_100);
  });

  test.each([
    ["a reset before the effect", { kind: "reset", when: "beforeEffect" }],
    ["a reset after the effect", { kind: "reset", when: "afterEffect" }],
    ["a 500 before the effect", { kind: "serverError", when: "beforeEffect" }],
    ["a 500 after the effect", { kind: "serverError", when: "afterEffect" }],
    ["HTML after the effect", { kind: "notJson", when: "afterEffect" }],
  ] as const)("settles single batches whose responses are lost to %s, with exact numbers", async (_what, then) => {
    const faults: FaultRule[] = [2, 5, 7].map((nth) => ({ match: toDelete, nth, then }));
    const world = await startWorld({ apiVersion, containers: { "pr-42": 850 }, faults });
    const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
    expect(outcome).toMatchObject({ deleted: 850, estimated: false, tags: [{ done: true, remaining: 0 }] });
    expectSound(world, 850);
  });

  test("does not count documents that another client deletes during the purge", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": 350 } });
    let others = 0;
    const before = async (request: Parameters<typeof idsIn>[0]): Promise<void> => {
      const [first = ""] = idsIn(request);
      if (others > 0 || first === "") return;
      others += 1;
      await deleteByHand(world, idsIn(request).slice(0, 40));
    };
    const { api } = await startRelay(world, { apiVersion, before });
    const outcome = await purgeTags(world, ["pr-42"], { method: exactly, session: { api } });
    expect(outcome).toMatchObject({
      planned: 350,
      deleted: 310,
      estimated: false,
      tags: [{ done: true, remaining: 0 }],
    });
    expect(others).toBe(1);
    expectSound(world, 350);
  });
});

test("a purge by tag on v5 does not count what another client deletes, even if the response to another batch is lost", async () => {
  const lost: FaultRule = { match: toDelete, nth: 4, then: { kind: "reset", when: "afterEffect" } };
  const world = await startWorld({ apiVersion: "v5", concurrency: 1, containers: { "pr-42": 350 }, faults: [lost] });
  let others = 0;
  const { api } = await startRelay(world, {
    apiVersion: "v5",
    concurrency: 1,
    before: async (request) => {
      if (idsIn(request).length === 0 || (others += 1) > 1) return;
      await deleteByHand(world, idsIn(request).slice(0, 40));
    },
  });
  expect(await purgeTags(world, ["pr-42"], { session: { api } })).toMatchObject({
    deleted: 310,
    tags: [{ done: true }],
  });
  expectSound(world, 350);
});

test("after an interruption no further batch is sent, and the error reports what remains", async () => {
  const world = await startWorld({ concurrency: 1, containers: { "pr-42": 350 } });
  let asked = 0;
  const beforeMutation = (): Promise<void> => {
    asked += 1;
    if (asked === 3) world.stop.abort();
    return Promise.resolve();
  };
  const { outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly, session: { beforeMutation } }));
  expect(outcome.tags).toMatchObject([{ done: false, deleted: 200, remaining: 150 }]);
  expect(world.emulator.documents("pr-42")).toHaveLength(150);
  expectSound(world, 200);
});

function idsSent({ emulator }: World): readonly (readonly string[])[] {
  return emulator.requests
    .filter(({ method }) => method === "DELETE")
    .map(({ body }) => idsIn({ method: "DELETE", path: "", body: JSON.stringify(body) }));
}

async function deleteByHand({ emulator }: World, ids: readonly string[]): Promise<void> {
  const { status } = await fetch(`${emulator.url}/v3/documents/bulk`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ ids }),
  });
  expect(status).toBe(200);
}

const tags = ["pr-42", "pr-43"];
const containers = { "pr-42": 450, "pr-43": 333 };

describe.each(versions)("exactly at the limit on %s", (apiVersion) => {
  test("concurrent batches of several containers finish", async () => {
    const world = await startWorld({ apiVersion, containers });
    const outcome = await purgeTags(world, tags, { method: exactly, maxDeletions: 783 });
    expect(outcome).toMatchObject({ deleted: 783, tags: [{ done: true }, { done: true }] });
    expectSound(world, 783);
  });

  test("lost responses, stale lists and new documents do not exceed it", async () => {
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

test("kept documents do not count against the limit", async () => {
  const documents = Array.from({ length: 300 }, (_, index) => ({ metadata: { go: index < 7 } }));
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const method: PurgeMethod = { ...exactly, select: { metadata: { go: true } } };
  expect(await purgeTags(world, ["pr-42"], { method, maxDeletions: 7 })).toMatchObject({ deleted: 7 });
  expectSound(world, 7);
});

test("a purge by tag on v5 lists once per 1,600 documents and deletes them by ids", async () => {
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 3_450 } });
  const outcome = await purgeTags(world, ["pr-42"], { maxDeletions: 3_450, event: "delete" });
  expect(outcome).toMatchObject({ deleted: 3_450, estimated: false, tags: [{ done: true, lastSeen: 0 }] });
  expect(deletes(world)).toHaveLength(35);
  const lists = world.emulator.requests.length - 35;
  // Of the plan one; for the three windows 16, 16 and 3 pages; and the last look.
  expect(lists).toBe(1 + 16 + 16 + 3 + 1);
  expectSound(world, 3_450);
});

test("a purge by tag on v5 keeps new documents after create", async () => {
  const faults: FaultRule[] = [{ match: toDelete, nth: 4, then: { kind: "lateWriter", documents: 250 } }];
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 1_900 }, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(outcome).toMatchObject({ deleted: 1_900, tags: [{ done: true, written: 250, lastSeen: 250 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(250);
  expectSound(world, 1_900);
});

test("a purge by tag on v5 stops when documents written between rounds exceed the limit", async () => {
  const faults: FaultRule[] = [{ match: toDelete, nth: 2, then: { kind: "lateWriter", documents: 30 } }];
  const world = await startWorld({ apiVersion: "v5", containers: { "pr-42": 250 }, faults });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { event: "delete", maxDeletions: 260 }));
  expect(message).toContain(
    "this would delete 280 documents, more than maxDeletions (260): 250 deleted so far, 30 left to delete",
  );
  expect(outcome.tags).toMatchObject([{ deleted: 250, remaining: 30, done: false }]);
  expectSound(world, 250);
});

test("a response that reports a queued move is not taken as a deletion, and the delete is sent twice at most", async () => {
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
  expect(message).toMatch(/^deleted 0 of 5 .*, then DELETE \S+ returned an unexpected response: status/);
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
