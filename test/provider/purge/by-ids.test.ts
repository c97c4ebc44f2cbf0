import type { FaultRule } from "../../../emulator/index";
import { idsIn, startRelay } from "../support/relay";
import {
  byIds,
  deleteByHand,
  deletesOf,
  idsOf,
  tell,
  testStories,
  toDelete,
  versions,
  whole,
} from "../support/stories";
import { expectSound, purgeTags, startWorld, type World } from "../support/world";

test("a purge by ids lists the whole container, oldest first, before it deletes", async () => {
  const batches = ["delete 100 ids", "delete 100 ids", "delete 50 ids"];
  const lists = Array.from({ length: 3 }, () => "list pr-42");
  const { world } = await tell({
    containers: { "pr-42": 250 },
    method: byIds,
    deleted: 250,
    sent: [...lists, ...batches, "list pr-42"],
  });
  expect(world.emulator.requests.slice(0, 3).map(({ body }) => body)).toEqual(
    [1, 2, 3].map((page) => expect.objectContaining({ page, order: "asc", limit: 100 }) as unknown),
  );
});

describe.each(versions)("a purge by ids on %s", (apiVersion) => {
  test("deletes exactly the counted documents, at most a hundred per request", async () => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": 1_234 } });
    const before = idsOf(world, 0);
    expectSound(world, (await purgeTags(world, ["pr-42"], { method: byIds })).deleted);
    const batches = idsSent(world);
    expect(batches.map((batch) => batch.length).sort((a, b) => b - a)).toEqual([...Array<number>(12).fill(100), 34]);
    expect(batches.flat().sort()).toEqual([...before].sort());
  });

  test.each([1, 3, 8])("sends at most %i deletes at a time, and as many", async (concurrency) => {
    const faults: FaultRule[] = [{ match: toDelete, times: Infinity, then: { kind: "slow" } }];
    const world = await startWorld({ apiVersion, concurrency, containers: { "pr-42": 1_100 }, faults });
    const relay = await startRelay(world, { apiVersion, concurrency });
    const outcome = purgeTags(world, ["pr-42"], { method: byIds, session: { api: relay.api } });
    for (let left = 11; left > 0; left -= concurrency) {
      await world.emulator.whenHeld(Math.min(left, concurrency));
      world.emulator.release();
    }
    expect((await outcome).deleted).toBe(1_100);
    expect(relay.mostDeletes).toBe(concurrency);
    expectSound(world, 1_100);
  });

  testStories({
    ...Object.fromEntries(
      (
        [
          ["a reset before the effect", { kind: "reset", when: "beforeEffect" }],
          ["a 500 after the effect", { kind: "serverError", when: "afterEffect" }],
          ["HTML after the effect", { kind: "notJson", when: "afterEffect" }],
        ] as const
      ).map(([what, then]) => [
        `settles single batches whose responses are lost to ${what}`,
        {
          apiVersion,
          containers: { "pr-42": 850 },
          faults: [2, 5, 7].map((nth) => ({ match: toDelete, nth, then })),
          method: byIds,
          deleted: 850,
          estimated: what.endsWith("after the effect"),
        },
      ]),
    ),
    "does not count documents that another client deletes during the purge": {
      apiVersion,
      containers: { "pr-42": 350 },
      relay: deleteFortyFirst,
      method: byIds,
      deleted: 310,
      really: 350,
      results: [{ planned: 350 }],
    },
    "stays exactly at the limit and keeps new documents, whatever is lost or listed late, also on destroy": {
      apiVersion,
      containers: { "pr-42": 450, "pr-43": 333 },
      tags: ["pr-42", "pr-43"],
      faults: [
        { match: toDelete, nth: 1, then: { kind: "listLag", lists: 4 } },
        { match: toDelete, nth: 2, then: { kind: "reset", when: "afterEffect" } },
        { match: toDelete, nth: 3, then: { kind: "serverError", when: "beforeEffect" } },
        { match: toDelete, nth: 4, then: { kind: "lateWriter", documents: 50, containerTag: "pr-42" } },
        { match: toDelete, nth: 5, then: { kind: "rateLimit", retryAfter: 1 } },
      ],
      event: "delete",
      method: byIds,
      maxDeletions: 783,
      deleted: 783,
      estimated: true,
      results: [{ written: 50, lastSeen: 50 }, {}],
      left: { "pr-42": 50, "pr-43": 0 },
    },
  });
});

testStories({
  "kept documents do not count against the limit": {
    containers: { "pr-42": { documents: Array.from({ length: 300 }, (_, at) => ({ metadata: { go: at < 7 } })) } },
    method: { ...byIds, select: { metadata: { go: true } } },
    maxDeletions: 7,
    deleted: 7,
  },
  "a purge by tag on v5 does not count what another client deletes, even if the response to another batch is lost": {
    apiVersion: "v5",
    concurrency: 1,
    containers: { "pr-42": 350 },
    faults: [{ match: toDelete, nth: 4, then: { kind: "reset", when: "afterEffect" } }],
    relay: deleteFortyFirst,
    deleted: 310,
    really: 350,
    estimated: true,
    results: [{ goneWithoutResponse: 100 }],
  },
  "a purge by tag on v5 keeps new documents after create": {
    apiVersion: "v5",
    containers: { "pr-42": 1_900 },
    faults: [{ match: toDelete, nth: 4, then: { kind: "lateWriter", documents: 250 } }],
    deleted: 1_900,
    results: [{ written: 250, lastSeen: 250 }],
    left: { "pr-42": 250 },
  },
});

test("a purge by tag on v5 lists once per 1,600 documents and deletes them by ids", async () => {
  const { world } = await tell({
    apiVersion: "v5",
    containers: { "pr-42": 3_450 },
    maxDeletions: 3_450,
    event: "delete",
    deleted: 3_450,
  });
  expect(deletesOf(world)).toHaveLength(35);
  // The plan; three that check the filter; for the three windows 16, 16 and 3 pages; and the last list.
  expect(world.emulator.requests.length - 35).toBe(1 + 3 + 16 + 16 + 3 + 1);
});

test("after an interruption no further batch is sent, and the error reports what remains", async () => {
  let asked = 0;
  await tell({
    concurrency: 1,
    containers: { "pr-42": 350 },
    method: byIds,
    session: ({ stop }) => ({
      beforeMutation: async () => {
        await Promise.resolve();
        if ((asked += 1) === 3) stop.abort();
      },
    }),
    fails: "the operation was stopped; 150 were not confirmed deleted",
    deleted: 200,
    results: [{ remaining: undefined }],
  });
});

test("a response that reports a queued move is not taken as a deletion, and the delete is sent twice at most", async () => {
  const body = { status: "queued", operationId: "move_1", namespace: "pr-42", moveTo: "other" };
  const then = { kind: "wrongShape", status: 202, body, when: "beforeEffect" } as const;
  const { world } = await tell({
    apiVersion: "v5",
    containers: { "pr-42": 5 },
    faults: [{ match: { route: "v5.namespaces.delete" }, times: Infinity, then }],
    method: whole,
    fails: /^deleted 0 of 5 documents in pr-42, then DELETE \S+ returned an unexpected response: status/,
    deleted: 0,
    results: [{ remaining: 5 }],
  });
  const deletes = world.emulator.requests.filter(({ method }) => method === "DELETE");
  expect(deletes).toMatchObject([1, 2].map(() => ({ bodyBytes: 0, hasQuery: false })));
});

/** Another client deletes forty documents of the first batch before it arrives. */
function deleteFortyFirst(world: World) {
  let others = 0;
  return {
    before: async (request: Parameters<typeof idsIn>[0]): Promise<void> => {
      if (idsIn(request).length === 0 || (others += 1) > 1) return;
      await deleteByHand(world, idsIn(request).slice(0, 40));
    },
  };
}

function idsSent({ emulator }: World): readonly (readonly string[])[] {
  return emulator.requests
    .filter(({ method }) => method === "DELETE")
    .map(({ body }) => idsIn({ method: "DELETE", path: "", body: JSON.stringify(body) }));
}
