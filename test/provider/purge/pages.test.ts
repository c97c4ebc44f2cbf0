import type { PurgeMethod } from "../../../provider/purge/types";
import { startHostile } from "../support/hostile";
import { startRelay, withRows } from "../support/relay";
import { seeAll } from "../../../provider/purge/pages";
import { errorOf, expectSound, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("pages are listed at the same time, as many as requests may be in flight", async () => {
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

test("documents that are written while a container is listed shift no page", async () => {
  const faults = [{ match: { method: "POST" }, times: 5, then: { kind: "lateWriter", documents: 30 } }] as const;
  const world = await startWorld({ containers: { "pr-42": 450 }, faults });
  const before = world.emulator.documents("pr-42").map(({ id }) => id);
  const seen = await ids(world);
  expect(before.filter((id) => !seen.has(id))).toEqual([]);
  expectSound(world, 0);
});

test("an API that pages in smaller steps than it was asked to is listed to its end", async () => {
  const world = await startWorld();
  const hostile = await startHostile(smallPages(5, 2));
  const seen: string[] = [];
  const see = { begin: () => undefined, row: ({ id }: { readonly id: string }) => seen.push(id) };
  expect(await seeAll("pr-42", { ...world.session, api: hostile.api }, see)).toBe(5);
  expect(seen.sort()).toEqual(["id-0", "id-1", "id-2", "id-3", "id-4"]);
});

test("a list that shows fewer documents than it says is an error, after it was tried again", async () => {
  const world = await startWorld();
  const hostile = await startHostile((_request, response) => {
    response.end(JSON.stringify({ memories: [], pagination: { totalItems: 0 } }));
  });
  const short = await startHostile(smallPages(5, 2, 4));
  const see = { begin: () => undefined, row: () => undefined };
  expect(await seeAll("pr-42", { ...world.session, api: hostile.api }, see)).toBe(0);
  const error = await errorOf(seeAll("pr-42", { ...world.session, api: short.api }, see));
  expect(error.message).toBe("the list of pr-42 says 5 documents (pagination.totalItems) and shows 4");
  expect(short.requests.length).toBe(3 * 8);
});

test("a document that comes on two pages, where another then comes on none, is no document more", async () => {
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
    "the list of pr-42 says 150 documents (pagination.totalItems) and shows 149; nothing was deleted",
  );
  expectSound(world, 0);
});

test("a purge by ids that cannot list the container whole deletes nothing", async () => {
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
  await seeAll("pr-42", session, { begin: () => undefined, row: ({ id }) => seen.add(id) });
  return seen;
}
