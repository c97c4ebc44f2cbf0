import { listAll } from "../../../provider/purge/pages";
import { startHostile } from "../support/hostile";
import { startRelay, withRows } from "../support/relay";
import { beforeList, byIds, deleteOldest, idsOf, tell, testStories, writeByHand } from "../support/stories";
import { errorOf, expectSound, startWorld, type World } from "../support/world";

test("pages are requested in parallel, as many as requests may be in flight", async () => {
  for (const concurrency of [1, 3]) {
    const world = await startWorld({
      containers: { "pr-42": 701 },
      concurrency,
      faults: [{ match: { method: "POST" }, nth: 2, times: 7, then: { kind: "slow" } }],
    });
    const listed = list(world);
    for (let answered = 0; answered < 7; answered += concurrency) {
      const held = Math.min(concurrency, 7 - answered);
      await world.emulator.whenHeld(held);
      expect(world.emulator.held).toBe(held);
      world.emulator.release();
    }
    expect((await listed).seen.size).toBe(701);
    expectSound(world, 0);
  }
});

test("documents that are written during the list shift no page", async () => {
  const faults = [{ match: { method: "POST" }, times: 5, then: { kind: "lateWriter", documents: 30 } }] as const;
  const world = await startWorld({ containers: { "pr-42": 450 }, faults });
  const before = idsOf(world, 0);
  const { seen } = await list(world);
  expect(before.filter((id) => !seen.has(id))).toEqual([]);
  expectSound(world, 0);
});

test("an API that returns smaller pages than requested is listed completely", async () => {
  const { seen, total } = await list(await startWorld(), (await startHostile(smallPages(5, 2))).api);
  expect([total, ...[...seen].sort()]).toEqual([5, "id-0", "id-1", "id-2", "id-3", "id-4"]);
});

test("a list that contains fewer documents than it reports is an error after retries", async () => {
  const world = await startWorld();
  const short = await startHostile(smallPages(5, 2, 4));
  const error = await errorOf(list(world, short.api));
  expect(error.message).toBe("the list of pr-42 reports 5 documents (pagination.totalItems) but contains 4");
  expect(short.requests.length).toBe(3 * 8);
  expect(await list(world, (await startHostile(smallPages(0, 2))).api)).toMatchObject({ total: 0 });
});

testStories({
  "a document on two pages counts once, and the purge by ids deletes nothing": {
    containers: { "pr-42": 150 },
    relay: (world) => ({
      answer: (body, { body: asked }) =>
        asked.includes('"page":2')
          ? withRows(body, (row, at) => (at === 0 ? { ...row, id: idsOf(world, 0)[0] } : row))
          : undefined,
    }),
    method: byIds,
    fails: "the list of pr-42 reports 150 documents (pagination.totalItems) but contains 149; nothing was deleted",
    deleted: 0,
  },
  "a list starts over if one document disappears and another is written, and then skips none": {
    ...{ containers: { "pr-42": 250 }, concurrency: 1, method: byIds },
    relay: (world) =>
      beforeList(async (nth) => {
        if (nth === 2) await deleteOldest(world, 1);
        if (nth === 3) await writeByHand(world, ["pr-42"]);
      }),
    deleted: 250,
    really: 251,
    results: [{ planned: 250, lastSeen: 0 }],
  },
  "a document that the list skipped is reported as kept": {
    ...{ containers: { "pr-42": 250 }, concurrency: 1, method: byIds },
    relay: (world) =>
      beforeList(async (nth) => {
        if (nth !== 2) return;
        await deleteOldest(world, 1);
        await writeByHand(world, ["pr-42"]);
      }),
    deleted: 249,
    really: 250,
    results: [{ planned: 250, kept: [{ documents: 1, reason: "not listed when the purge was planned" }], lastSeen: 1 }],
    left: { "pr-42": 1 },
  },
});

test("a list from which documents disappear starts over, skips none and counts none twice", async () => {
  const { world } = await tell({
    ...{ containers: { "pr-42": 350 }, concurrency: 1, method: byIds },
    relay: (started) =>
      beforeList(async (nth) => {
        if (nth === 2) await deleteOldest(started, 40);
      }),
    deleted: 310,
    really: 350,
    results: [{ planned: 310 }],
    left: { "pr-42": 0 },
  });
  expect(world.clock.slept).toEqual([250]);
});

test("a list from which documents keep disappearing is an error after half a minute", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  const { api } = await startRelay(world, { concurrency: 1, ...beforeList(() => deleteOldest(world, 1)) });
  const error = await errorOf(list(world, api));
  expect(error.message).toBe(
    "documents in pr-42 kept disappearing while they were listed\nstop whatever deletes them, then run the same command again",
  );
  expect(world.clock.slept).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(world.statuses).toContain("listing pr-42 again, because it changed");
  expectSound(world, 32);
});

test("documents that the purge itself deletes in another container are no reason to give up", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  let deleted = 0;
  const deleting = beforeList(async (nth) => {
    if (nth > 60) return;
    await deleteOldest(world, 1);
    deleted += 1;
  });
  const { api } = await startRelay(world, { concurrency: 1, ...deleting });
  expect(await list(world, api, () => deleted)).toMatchObject({ total: 290 });
  expect(world.clock.slept.length).toBeGreaterThan(8);
  expect(Math.max(...world.clock.slept)).toBe(16_000);
  expectSound(world, 60);
});

/** Lists of `total` documents in pages of `step`, of which only the first `shown` are there. */
function smallPages(total: number, step: number, shown = total): Parameters<typeof startHostile>[0] {
  return (request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const page = Number(/"page":(\d+)/.exec(text)?.[1]);
      const row = { createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags: ["pr-42"] };
      const all = Array.from({ length: shown }, (_, index) => ({ id: `id-${index}`, ...row }));
      const memories = all.slice((page - 1) * step, page * step);
      response.end(JSON.stringify({ memories, pagination: { totalItems: total } }));
    });
  };
}

/** Lists pr-42: the ids that were seen since the list began last. */
async function list({ session }: World, api = session.api, ownDeletions?: () => number) {
  const seen = new Set<string>();
  const on = {
    begin: () => {
      seen.clear();
    },
    row: ({ id }: { readonly id: string }) => seen.add(id),
  };
  const total = await listAll("pr-42", { ...session, api }, on, ownDeletions);
  return { seen, total };
}
