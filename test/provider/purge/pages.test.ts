import type { PurgeMethod } from "../../../provider/purge/types";
import { startHostile } from "../support/hostile";
import { startRelay, withRows } from "../support/relay";
import { listAll } from "../../../provider/purge/pages";
import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("pages are requested in parallel, as many as requests may be in flight", async () => {
  for (const concurrency of [1, 3]) {
    const world = await startWorld({
      containers: { "pr-42": 701 },
      concurrency,
      faults: [{ match: { method: "POST" }, nth: 2, times: 7, then: { kind: "slow" } }],
    });
    const listed = ids(world);
    await world.emulator.whenHeld(concurrency);
    expect(world.emulator.held).toBe(concurrency);
    for (let answered = 0; answered < 7; answered += concurrency) {
      await world.emulator.whenHeld(Math.min(concurrency, 7 - answered));
      world.emulator.release();
    }
    expect((await listed).size).toBe(701);
    expectSound(world, 0);
  }
});

test("documents that are written during the list shift no page", async () => {
  const faults = [{ match: { method: "POST" }, times: 5, then: { kind: "lateWriter", documents: 30 } }] as const;
  const world = await startWorld({ containers: { "pr-42": 450 }, faults });
  const before = world.emulator.documents("pr-42").map(({ id }) => id);
  const seen = await ids(world);
  expect(before.filter((id) => !seen.has(id))).toEqual([]);
  expectSound(world, 0);
});

test("an API that returns smaller pages than requested is listed completely", async () => {
  const world = await startWorld();
  const hostile = await startHostile(smallPages(5, 2));
  const seen: string[] = [];
  const see = { begin: () => undefined, row: ({ id }: { readonly id: string }) => seen.push(id) };
  expect(await listAll("pr-42", { ...world.session, api: hostile.api }, see)).toBe(5);
  expect(seen.sort()).toEqual(["id-0", "id-1", "id-2", "id-3", "id-4"]);
});

test("a list that contains fewer documents than it reports is an error after retries", async () => {
  const world = await startWorld();
  const hostile = await startHostile((_request, response) => {
    response.end(JSON.stringify({ memories: [], pagination: { totalItems: 0 } }));
  });
  const short = await startHostile(smallPages(5, 2, 4));
  const see = { begin: () => undefined, row: () => undefined };
  expect(await listAll("pr-42", { ...world.session, api: hostile.api }, see)).toBe(0);
  const error = await errorOf(listAll("pr-42", { ...world.session, api: short.api }, see));
  expect(error.message).toBe("the list of pr-42 reports 5 documents (pagination.totalItems) but contains 4");
  expect(short.requests.length).toBe(3 * 8);
});

test("a document on two pages counts once", async () => {
  const world = await startWorld({ containers: { "pr-42": 150 } });
  const [twice] = world.emulator.documents("pr-42");
  const relay = await startRelay(world, {
    answer: (body, { body: asked }) =>
      asked.includes('"page":2')
        ? withRows(body, (row, at) => (at === 0 ? { ...row, id: twice?.id } : row))
        : undefined,
  });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: exactly, session: { api: relay.api } }));
  expect(error.message).toBe(
    "the list of pr-42 reports 150 documents (pagination.totalItems) but contains 149; nothing was deleted",
  );
  expectSound(world, 0);
});

test("a purge by ids that cannot list the whole container deletes nothing", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const short = await startHostile(smallPages(5, 2, 4));
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: exactly, session: { api: short.api } }));
  expect(error.message).toContain("; nothing was deleted");
  expect(short.requests.filter((request) => request.startsWith("DELETE"))).toEqual([]);
  expectSound(world, 0);
});

type Answering = Parameters<typeof startHostile>[0];

/** Lists of `total` documents in pages of `step`, of which only the first `shown` are there. */
function smallPages(total: number, step: number, shown = total): Answering {
  return (request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const page = Number(/"page":(\d+)/.exec(text)?.[1]);
      const all = Array.from({ length: shown }, (_, index) => ({
        id: `id-${index}`,
        createdAt: "2026-01-01T00:00:00Z",
        status: "done",
        containerTags: ["pr-42"],
      }));
      response.end(
        JSON.stringify({ memories: all.slice((page - 1) * step, page * step), pagination: { totalItems: total } }),
      );
    });
  };
}

async function ids({ session }: World): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  await listAll("pr-42", session, { begin: () => undefined, row: ({ id }) => seen.add(id) });
  return seen;
}

test("a list from which documents disappear starts over, and then skips none", async () => {
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

test("a list starts over if one document disappears and another is written", async () => {
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

test("a list that starts over counts no document twice", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  const api = beforeLists(world, async (lists) => {
    if (lists === 2) await remove(world, "pr-42", 40);
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, session: { api } });
  expect(outcome).toMatchObject({ planned: 310, deleted: 310, estimated: false });
  expectSound(world, 350);
});

test("a document that the list skipped is reported as kept", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 }, concurrency: 1 });
  const api = beforeLists(world, async (lists) => {
    if (lists !== 2) return;
    await remove(world, "pr-42", 1);
    await add(world, "pr-42");
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, session: { api } });
  const kept = [{ documents: 1, reason: "not listed when the purge was planned" }];
  expect(outcome).toMatchObject({ planned: 250, deleted: 249, tags: [{ done: true, kept, lastSeen: 1 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(1);
  expectSound(world, 250);
});

test("a list from which documents keep disappearing is an error after half a minute", async () => {
  const world = await startWorld({ containers: { "pr-42": 350 }, concurrency: 1 });
  const error = await errorOf(
    collect(
      world,
      () => undefined,
      () => remove(world, "pr-42", 1),
    ),
  );
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
  const api = beforeLists(world, async (lists) => {
    if (lists > 60) return;
    await remove(world, "pr-42", 1);
    deleted += 1;
  });
  const see = { begin: () => undefined, row: () => undefined };
  expect(await listAll("pr-42", { ...world.session, api }, see, () => deleted)).toBe(290);
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
  const total = await listAll("pr-42", { ...session, api }, { begin, row: ({ id }) => seen.add(id) });
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
