import type { FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { idsIn, startRelay } from "../support/relay";
import { expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const generations = ["v3", "v5"] as const;
const toDelete = { method: "DELETE" } as const;

describe.each(generations)("a purge by ids over %s", (apiVersion) => {
  test("deletes exactly the documents that were counted, a hundred at most in a request", async () => {
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
  ] as const)("settles single batches whose answers are lost to %s, exactly", async (_what, then) => {
    const faults: FaultRule[] = [2, 5, 7].map((nth) => ({ match: toDelete, nth, then }));
    const world = await startWorld({ apiVersion, containers: { "pr-42": 850 }, faults });
    const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
    expect(outcome).toMatchObject({ deleted: 850, estimated: false, tags: [{ done: true, remaining: 0 }] });
    expectSound(world, 850);
  });

  test("does not count documents that another hand deletes meanwhile", async () => {
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

test("a purge by tag over v5 does not count what another hand deletes, when the answer to another batch is lost", async () => {
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

test("an interruption sends no further batch, and what it leaves is told", async () => {
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
