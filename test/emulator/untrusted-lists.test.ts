import { z } from "zod";
import type { Behaviour } from "../../emulator/index";
import { send, start } from "./support/running";

const seed = { containers: { "pr-4": 2, "pr-42": 3, "PR-4": 1, other: 1 } };

const page = z
  .object({
    memories: z.array(z.object({ id: z.string() })).optional(),
    documents: z.array(z.object({ id: z.string() })).optional(),
    pagination: z.object({ totalItems: z.number() }),
  })
  .transform(({ documents = [], memories = [], pagination }) => ({
    ids: [...documents, ...memories].map(({ id }) => id),
    total: pagination.totalItems,
  }));

async function listsOf(behaviour: Partial<Behaviour>, containerTag: string, order = "desc") {
  const { emulator } = await start({ seed, ...behaviour });
  const body = { containerTags: [containerTag], order };
  const v3 = page.parse((await send(emulator, "POST", "/v3/documents/list", body)).body);
  const v5 = page.parse((await send(emulator, "POST", `/ns/${containerTag}/list/documents?order=${order}`)).body);
  expect(v5).toEqual(v3);
  return { emulator, ...v3 };
}

test.each([
  ["exact", "pr-4", 2],
  ["exact", "nobody", 0],
  ["none", "nobody", 7],
  ["prefix", "pr-4", 5],
  ["prefix", "pr-", 5],
  ["prefix", "nobody", 0],
  ["ignoreCase", "pr-4", 3],
  ["ignoreCase", "nobody", 0],
] as const)("with listFilter %s, a list of %s contains %d documents", async (listFilter, containerTag, documents) => {
  const { ids, total } = await listsOf({ listFilter }, containerTag);
  expect([ids.length, total]).toEqual([documents, documents]);
});

test("a v5 delete by ids accepts the documents that its list shows, with listFilter", async () => {
  const { emulator, ids } = await listsOf({ listFilter: "prefix" }, "pr-4");
  expect(await send(emulator, "DELETE", "/ns/pr-4/document", { ids })).toMatchObject({
    status: 200,
    body: { count: 5 },
  });
  expect(emulator.containers()).toEqual({ "pr-4": 0, "pr-42": 0, "PR-4": 1, other: 1 });
});

test.each(["asc", "desc"])(
  "listOrder decides the order of a list, whatever the request asks for: %s",
  async (order) => {
    const { emulator, ids } = await listsOf({ listOrder: "oldestFirst" }, "pr-42", order);
    const oldestFirst = emulator.documents("pr-42").map(({ id }) => id);
    expect(ids).toEqual(oldestFirst);
    expect((await listsOf({ listOrder: "newestFirst" }, "pr-42", order)).ids).toEqual([...oldestFirst].reverse());
    expect((await listsOf({ listOrder: "byId" }, "pr-42", order)).ids).toEqual([...oldestFirst].sort());
  },
);

test("with listTotals huge, every list that is not empty reports 10^12 documents", async () => {
  expect(await listsOf({ listTotals: "huge" }, "pr-42")).toMatchObject({ total: 10 ** 12 });
  expect(await listsOf({ listTotals: "huge" }, "nobody")).toMatchObject({ ids: [], total: 0 });
});

test("a listLag that flickers omits one of the deleted documents from every second list", async () => {
  const { emulator } = await start({
    seed,
    faults: [{ match: { method: "DELETE" }, then: { kind: "listLag", lists: 4, flickers: true } }],
  });
  await send(emulator, "DELETE", "/v3/documents/bulk", { containerTags: ["pr-42"] });
  const totals: number[] = [];
  for (let list = 0; list < 5; list += 1) {
    const { body } = await send(emulator, "POST", "/v3/documents/list", { containerTags: ["pr-42"] });
    totals.push(page.parse(body).total);
  }
  expect(totals).toEqual([3, 2, 3, 2, 0]);
});
