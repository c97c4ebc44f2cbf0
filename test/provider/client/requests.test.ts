import type { CallContext } from "../../../provider/client/call-context";
import { contextOf } from "../../../provider/purge/context";
import { makePlan } from "../../../provider/purge/plan";
import { secretKey } from "../support/connect";
import {
  errorOf,
  expectSound,
  guardrails,
  incomplete,
  purgeTags,
  sent,
  startWorld,
  type World,
} from "../support/world";

test("a list is sent as the API documents it", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const page = await world.session.api.list({ containerTag: "pr-42", page: 1, order: "desc" }, context(world));
  expect(world.emulator.requests.map(({ body, method, path, query }) => ({ body, method, path, query }))).toEqual([
    {
      method: "POST",
      path: "/v3/documents/list",
      query: {},
      body: { containerTags: ["pr-42"], limit: 100, page: 1, order: "desc", sort: "createdAt" },
    },
  ]);
  expect(page.total).toBe(5);
  expect(page.rows.map(({ id }) => id).reverse()).toEqual(world.emulator.documents("pr-42").map(({ id }) => id));
  expectSound(world, 0);
});

test("a delete by tag contains that tag and nothing else", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  await purgeTags(world, ["pr-42"]);
  const deletes = world.emulator.requests.filter(({ mutating }) => mutating);
  expect(deletes.map(({ body, method, path, query }) => ({ body, method, path, query }))).toEqual([
    { method: "DELETE", path: "/v3/documents/bulk", query: {}, body: { containerTags: ["pr-42"] } },
  ]);
  expectSound(world, 5);
});

test("a delete by ids contains at most 100 ids, all of that container", async () => {
  const then = { kind: "serverError" } as const;
  const faults = [{ match: { route: "documents.deleteBulk" }, then } as const];
  const world = await startWorld({ containers: { "pr-42": 230 }, faults });
  const ids = new Set(world.emulator.documents("pr-42").map(({ id }) => id));
  await purgeTags(world, ["pr-42"]);
  const bodies = world.emulator.requests.filter(({ mutating }) => mutating).map(({ body }) => body);
  expect(bodies).toHaveLength(4);
  for (const body of bodies.slice(1)) {
    const named: unknown[] = typeof body === "object" && body !== null ? Object.values(body).flat() : [];
    expect(body).toEqual({ ids: named });
    expect(named.length).toBeLessThanOrEqual(100);
    expect(named.every((id) => ids.has(String(id)))).toBe(true);
  }
  expectSound(world, 230);
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

test("an unknown key fails after one request, with the settings to check", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 }, apiKey: secretKey });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toContain("SUPERMEMORY_PURGE_API_KEY");
  expect(message).toContain("(401)");
  expect(message).toContain("nothing was deleted");
  expect(message).not.toContain(secretKey);
  expect(sent(world)).toEqual(["list pr-42"]);
  expectSound(world, 0);
});

test("a key that may not delete fails after one delete, with the kind of key to use", async () => {
  const world = await startWorld({
    containers: { "pr-42": 5 },
    apiKeys: [{ key: secretKey, canDelete: false }],
    apiKey: secretKey,
  });
  const { message } = await incomplete(purgeTags(world, ["pr-42"]));
  expect(message).toContain("the key may not delete documents (403)");
  expect(message).toContain("use a key that can delete documents in these containers");
  expect(sent(world)).toEqual(["list pr-42", "delete pr-42"]);
  expectSound(world, 0);
});

test("a key scoped to other containers fails before anything is deleted", async () => {
  const apiKeys = [{ key: secretKey, containerTags: ["pr-43"] }];
  const world = await startWorld({ containers: { "pr-42": 5 }, apiKeys, apiKey: secretKey });
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toContain("the key may not list documents (403)");
  expect(message).toContain("use a key that can read these containers");
  expect(sent(world)).toEqual(["list pr-42"]);
  expectSound(world, 0);
});

test("an unknown tag counts as empty", async () => {
  for (const unknownTag of ["zero", "notFound"] as const) {
    const world = await startWorld({ unknownTag });
    const plan = await makePlan(
      { targets: [{ containerTag: "pr-42", event: "create" }], method: { kind: "tag" }, guardrails: guardrails() },
      world.session,
    );
    expect(plan.total).toBe(0);
    expectSound(world, 0);
  }
});

function context({ session }: World): CallContext {
  return contextOf(session);
}
