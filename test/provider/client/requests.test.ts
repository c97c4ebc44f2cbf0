import { contextOf } from "../../../provider/purge/context";
import { secretKey } from "../support/connect";
import { listPage } from "../support/hostile";
import { errorOf, expectSound, purgeTags, sent, startWorld, type World } from "../support/world";

test("a list is sent as the API documents it", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const page = await listPage({ api: world.session.api, context: contextOf(world.session) });
  const body = { containerTags: ["pr-42"], limit: 100, page: 1, order: "desc", sort: "createdAt" };
  expect(world.emulator.requests.map(wire)).toEqual([{ method: "POST", path: "/v3/documents/list", query: {}, body }]);
  expect(page.total).toBe(5);
  expect(page.rows.map(({ id }) => id).reverse()).toEqual(world.emulator.documents("pr-42").map(({ id }) => id));
  expectSound(world, 0);
});

test("a delete by tag contains that tag and nothing else", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  await purgeTags(world, ["pr-42"]);
  const deletes = world.emulator.requests.filter(({ mutating }) => mutating);
  expect(deletes.map(wire)).toEqual([
    { method: "DELETE", path: "/v3/documents/bulk", query: {}, body: { containerTags: ["pr-42"] } },
  ]);
  expectSound(world, 5);
});

test("every request carries the key, and no status line does", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, apiKeys: [{ key: secretKey }], apiKey: secretKey });
  await purgeTags(world, ["pr-42"]);
  const keyIds = new Set(world.emulator.requests.map(({ keyId }) => keyId));
  expect([...keyIds]).not.toEqual([null]);
  expect(keyIds.size).toBe(1);
  expect(world.statuses.join()).not.toContain(secretKey);
  expectSound(world, 5);
});

test.each([
  ["an unknown key fails after one request", [], ["SUPERMEMORY_PURGE_API_KEY", "(401)"], ["list pr-42"]],
  [
    "a key that may not delete fails after one delete and a list of what it did",
    [{ key: secretKey, canDelete: false }],
    ["the key may not delete documents (403)", "use a key that can delete documents in these containers"],
    ["list pr-42", "delete pr-42", "list pr-42"],
  ],
  [
    "a key scoped to other containers fails before anything is deleted",
    [{ key: secretKey, containerTags: ["pr-43"] }],
    ["the key may not list documents (403)", "use a key that can read these containers"],
    ["list pr-42"],
  ],
])("%s, with what to check", async (_what, apiKeys, texts, requests) => {
  const world = await startWorld({ containers: { "pr-42": 5 }, apiKeys, apiKey: secretKey });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  for (const text of texts) expect(message).toContain(text);
  expect(message).toContain(requests.length === 1 ? "nothing was deleted" : "deleted 0 of 5 documents");
  expect(message).not.toContain(secretKey);
  expect(sent(world)).toEqual(requests);
  expectSound(world, 0);
});

test.each(["zero", "notFound"] as const)("an unknown tag counts as empty (%s)", async (unknownTag) => {
  const world = await startWorld({ unknownTag });
  expect(await purgeTags(world, ["pr-42"])).toMatchObject({ planned: 0, deleted: 0 });
  expectSound(world, 0);
});

function wire({ body, method, path, query }: World["emulator"]["requests"][number]) {
  return { body, method, path, query };
}
