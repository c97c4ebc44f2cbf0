import type { PurgeMethod } from "../../../provider/purge/types";
import { seeAll } from "../../../provider/purge/pages";
import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("a list from which documents vanish is begun anew, and then no document is overlooked", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  let begun = 0;
  const [seen, total] = await collect(
    world,
    () => {
      begun += 1;
    },
    async (lists) => {
      if (lists === 2) await remove(world, "pr-42", 40);
    },
  );
  expect([begun, total, seen.size]).toEqual([2, 310, 310]);
  expect(world.emulator.documents("pr-42").filter(({ id }) => !seen.has(id))).toEqual([]);
  expect(world.clock.slept).toEqual([250]);
  expectSound(world, 40);
});

test("a list from which one vanishes and to which one comes is begun anew all the same", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 }, concurrency: 1 });
  const [seen, total] = await collect(
    world,
    () => undefined,
    async (lists) => {
      if (lists === 2) await remove(world, "pr-42", 1);
      if (lists === 3) await add(world, "pr-42");
    },
  );
  expect([total, seen.size]).toEqual([250, 250]);
  expect(world.emulator.documents("pr-42").filter(({ id }) => !seen.has(id))).toEqual([]);
  expectSound(world, 1);
});

test("a list that is begun anew counts no document twice", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  const api = beforeLists(world, async (lists) => {
    if (lists === 2) await remove(world, "pr-42", 40);
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, session: { api } });
  expect(outcome).toMatchObject({ planned: 310, deleted: 310, estimated: false });
  expectSound(world, 350);
});

test("by ids, a document that is overlooked since one vanished and one came meanwhile is said to stay", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 }, concurrency: 1 });
  const api = beforeLists(world, async (lists) => {
    if (lists !== 2) return;
    await remove(world, "pr-42", 1);
    await add(world, "pr-42");
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, session: { api } });
  const kept = [{ documents: 1, reason: "not seen when it was counted" }];
  expect(outcome).toMatchObject({ planned: 250, deleted: 249, tags: [{ done: true, kept, lastSeen: 1 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(1);
  expectSound(world, 250);
});

test("documents that vanish without end are an error after half a minute, and nothing is deleted by it", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  const error = await errorOf(
    collect(
      world,
      () => undefined,
      () => remove(world, "pr-42", 1),
    ),
  );
  expect(error.message).toBe(
    "documents of pr-42 vanished while it was listed: something else deletes there; run the command again when that is done",
  );
  expect(world.clock.slept).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(world.statuses).toContain("listing pr-42 anew, since it changed meanwhile");
  expectSound(world, 32);
});

test("documents that this purge itself deletes, by another container of it, are no reason to give up", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  let deleted = 0;
  const api = beforeLists(world, async (lists) => {
    if (lists > 60) return;
    await remove(world, "pr-42", 1);
    deleted += 1;
  });
  const see = { begin: () => undefined, row: () => undefined };
  expect(await seeAll("pr-42", { ...world.session, api }, see, () => deleted)).toBe(290);
  expect(world.clock.slept.length).toBeGreaterThan(8);
  expect(Math.max(...world.clock.slept)).toBe(16_000);
  expectSound(world, 60);
});

/** The API, with something done right before each list. */
function beforeLists({ session: { api } }: World, onList: (lists: number) => Promise<void>): World["session"]["api"] {
  let lists = 0;
  return {
    ...api,
    list: async (query, context) => {
      lists += 1;
      await onList(lists);
      return await api.list(query, context);
    },
  };
}

/** Lists, with something done right before each request. */
async function collect(
  world: World,
  onBegin: () => void,
  onList: (lists: number) => Promise<void>,
): Promise<readonly [ReadonlySet<string>, number]> {
  const { session } = world;
  const seen = new Set<string>();
  const api = beforeLists(world, onList);
  const begin = (): void => {
    seen.clear();
    onBegin();
  };
  const total = await seeAll("pr-42", { ...session, api }, { begin, row: ({ id }) => seen.add(id) });
  return [seen, total];
}

/** Another client deletes the oldest documents. */
async function remove({ emulator }: World, containerTag: string, number: number): Promise<void> {
  const ids = emulator
    .documents(containerTag)
    .slice(0, number)
    .map(({ id }) => id);
  await fetch(`${emulator.url}/v3/documents/bulk`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ ids }),
  });
}

/** Another client writes a document. */
async function add({ emulator }: World, containerTag: string): Promise<void> {
  await fetch(`${emulator.url}/v3/documents`, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ content: "a note", containerTags: [containerTag] }),
  });
}
