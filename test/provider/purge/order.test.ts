import { isNewestFirst, NewestFirst } from "../../../provider/purge/order";
import { byIds, tell, testStories, versions, type Story } from "../support/stories";
import { purgeTags, startWorld } from "../support/world";

const row = (id: number) => ({
  id: String(id),
  createdAt: id,
  status: "done",
  containerTags: undefined,
  metadata: undefined,
});
const page = (total: number, ...ids: readonly number[]) => ({ total, rows: ids.map(row) });

test.each<[readonly number[], boolean]>([
  [[], true],
  [[3], true],
  [[3, 2, 2, 1], true],
  [[1, 2, 3], false],
  [[3, 1, 2], false],
])("rows of the times %j are newest first: %p", (times, expected) => {
  expect(isNewestFirst(times.map((createdAt) => ({ createdAt })))).toBe(expected);
});

test.each<[string, readonly ReturnType<typeof page>[], boolean]>([
  ["older documents follow", [page(4, 4, 3), page(4, 2, 1)], true],
  ["a page is not sorted", [page(4, 3, 4), page(4, 2, 1)], false],
  ["newer documents follow", [page(4, 2, 1), page(4, 4, 3)], false],
  ["rows are repeated, because others were written", [page(4, 4, 3), page(6, 4, 3)], true],
  ["as many newer documents follow as were written", [page(4, 4, 3), page(7, 7, 6, 5, 4)], true],
  ["more newer documents follow than were written", [page(4, 4, 3), page(5, 6, 5)], false],
])("pages are in order if %s: %p", (_what, pages, expected) => {
  const order = new NewestFirst();
  expect(pages.map((each) => order.next(each)).every(Boolean)).toBe(expected);
});

const orders = ["oldestFirst", "newestFirst", "byId"] as const;

describe.each(versions)("a server on %s that ignores the order of the request", (apiVersion) => {
  const container = { apiVersion, containers: { "pr-42": 250, other: 3 } };
  const fails = { route: apiVersion === "v3" ? "documents.deleteBulk" : "v5.documents.delete" } as const;

  testStories(
    Object.fromEntries(
      orders.flatMap((listOrder): [string, Story][] => [
        [
          `deletes all documents by tag, with ${listOrder}`,
          { ...container, listOrder, deleted: 250, results: [{ planned: 250, written: 0, lastSeen: 0 }] },
        ],
        [`deletes all documents by ids, with ${listOrder}`, { ...container, listOrder, method: byIds, deleted: 250 }],
        [
          `deletes what a failed delete leaves, and reports no document as new, with ${listOrder}`,
          {
            ...{ ...container, listOrder, deleted: 250, estimated: false },
            faults: [{ match: fails, then: { kind: "partial", documents: 30 } }],
            results: [{ planned: 250, written: 0 }],
          },
        ],
        [
          `keeps documents that are written during the purge, with ${listOrder}`,
          {
            ...{ ...container, listOrder, deleted: 250 },
            faults: [{ match: fails, then: { kind: "lateWriter", documents: 120, containerTag: "pr-42" } }],
            ...(apiVersion === "v3" ? { results: [{ written: 120 }] } : {}),
            left: { "pr-42": 120, other: 3 },
          },
        ],
      ]),
    ),
  );
});

test("documents that were written after a plan of one page do not count as remaining, whatever the order is", async () => {
  await tell({
    ...{ containers: { "pr-42": 60 }, listOrder: "oldestFirst", deleted: 30 },
    faults: [
      { match: { method: "POST" }, then: { kind: "lateWriter", documents: 120, containerTag: "pr-42" } },
      { match: { method: "DELETE" }, then: { kind: "partial", documents: 30 } },
      { match: { method: "DELETE" }, times: Infinity, then: { kind: "partial", documents: 0 } },
    ],
    fails: /then 30 documents in pr-42 are still listed .*; 30 remain\n/,
    results: [{ planned: 60, written: 120, remaining: 30 }],
    left: { "pr-42": 150 },
  });
});

test("a server whose pages are sorted, but follow each other oldest first, is an error before the first delete", async () => {
  const sorted = (body: Readonly<Record<string, unknown>>) => {
    const { documents } = body;
    return Array.isArray(documents) ? { ...body, documents: [...(documents as unknown[])].reverse() } : undefined;
  };
  const { message } = await tell({
    ...{ apiVersion: "v5", containers: { "pr-42": 250 }, listOrder: "oldestFirst" },
    relay: () => ({ answer: sorted }),
    fails: /^the list of pr-42 is not in the order of the request \(newest first\); nothing was deleted$/m,
    deleted: 0,
  });
  expect(message).toContain("set SUPERMEMORY_PURGE=skip for this command");
});

test("the plan of a container out of order covers the tags of all its documents", async () => {
  const documents = Array.from({ length: 150 }, (_, at) => (at === 40 ? { alsoIn: ["live"] } : {}));
  const world = await startWorld({ containers: { "pr-42": { documents } }, listOrder: "byId" });
  await expect(purgeTags(world, ["pr-42"])).rejects.toThrow('1 document in pr-42 also carries "live"');
});
