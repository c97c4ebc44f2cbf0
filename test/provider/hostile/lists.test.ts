import type { PurgeMethod } from "../../../provider/purge/types";
import { secretKey } from "../support/connect";
import { cleanupPolicyMethods } from "../support/host-calls";
import { urnOfPolicy } from "../support/host-policy";
import { OneResourceStack } from "../support/host-stack";
import { type Hostile, listedRow as row, listPage, respond, startAnswering, startHostile } from "../support/hostile";
import { type Asked, errorOf, purgeTags, startWorld } from "../support/world";

const used = "2025-01-01T00:00:00Z";
const container = { documentCount: 2, memoryCount: 0, createdAt: used, lastActivityAt: used };
const one = { pagination: { totalItems: 1 } };
const byIds: PurgeMethod = { kind: "ids", sharedDocuments: "delete", select: undefined };
const listOnly = new Set(["POST /v3/documents/list"]);

test("a false total of a list is refused by the limit, before anything is deleted", async () => {
  const hostile = await startAnswering(200, { memories: [row], pagination: { totalItems: 10 ** 15 } });
  const { message } = await errorOf(purge(hostile));
  expect(message).toContain("1,000,000,000,000,000 documents in pr-42");
  expect(hostile.requests).toEqual([...listOnly]);
});

const select = { status: ["done"] };
const endless: readonly (readonly [string, (page: number) => readonly object[]])[] = [
  ["the same document again and again", () => [row]],
  ["other documents each time", (page) => Array.from({ length: 100 }, (_, at) => ({ ...row, id: `id-${page}-${at}` }))],
  ["nothing more", (page) => (page === 1 ? [row] : [])],
];

describe.each(endless)("a list with a total of 10^12, with %s,", (_what, rows) => {
  test("is refused by its first page if all documents are to be deleted", async () => {
    const hostile = await startEndless(rows, 10 ** 12);
    const { message } = await errorOf(purge(hostile, { method: byIds }));
    expect(message).toMatch(
      /^this would delete 1,000,000,000,000 documents in pr-42, more than maxDeletions \(10,000\)/,
    );
    expect(hostile.requests).toEqual([...listOnly]);
  });

  test("is refused by its first page if some are selected", async () => {
    const hostile = await startEndless(rows, 10 ** 12);
    const { message } = await errorOf(purge(hostile, { method: { ...byIds, select } }));
    expect(message).toMatch(/^the list of pr-42 reports 1,000,000,000,000 documents .*; nothing was deleted$/m);
    expect(hostile.requests).toEqual([...listOnly]);
  });
});

test.each(endless.filter(([what]) => what !== "other documents each time"))(
  "paging ends with %s, whatever the total is",
  async (_what, rows) => {
    const hostile = await startEndless(rows, 900_000);
    const { message } = await errorOf(purge(hostile, { method: { ...byIds, select } }));
    expect(message).toContain("reports 900,000 documents (pagination.totalItems) but contains 1; nothing was deleted");
    // Eight tries, each with the pages that are in flight together.
    expect(hostile.requests.length).toBeLessThanOrEqual(8 * (1 + 2 * 8));
  },
);

test.each(["v3", "v5"] as const)("ids are sent on %s in a body, and never in a path", async (apiVersion) => {
  const ids = ["../../v3/container-tags/production", "%2e%2e/", "?moveTo=x", "__proto__", "constructor", "*", "::x"];
  const bodies: unknown[] = [];
  const hostile = await startHostile(
    (request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (request.method === "DELETE") bodies.push(JSON.parse(body));
        const rows = bodies.length > 0 ? [] : ids.map((id) => ({ ...row, id, system: row }));
        const lists = { memories: rows, documents: rows, pagination: { totalItems: rows.length } };
        respond(response, { ...lists, success: true, deletedCount: ids.length, count: ids.length });
      });
    },
    { apiVersion },
  );
  expect((await purge(hostile, { method: byIds })).deleted).toBe(ids.length);
  expect(bodies).toEqual([{ ids }]);
  const path = apiVersion === "v3" ? "/v3/documents/bulk" : "/ns/pr-42/document";
  expect(hostile.requests.filter((line) => line.startsWith("DELETE"))).toEqual([`DELETE ${path}`]);
});

test("metadata with the names of prototypes selects nothing", async () => {
  const listed = JSON.stringify({ memories: [{ ...row, metadata: { proto: { kind: "log" } } }], ...one });
  const hostile = await startAnswering(200, listed.replace('"proto"', '"__proto__"'));
  const select = { metadata: { kind: "log" }, status: undefined, newerThanMs: undefined, olderThanMs: undefined };
  const outcome = await purge(hostile, { method: { kind: "ids", sharedDocuments: "delete", select } });
  expect(outcome).toMatchObject({ deleted: 0, tags: [{ kept: [{ reason: "not selected", documents: 1 }] }] });
  expect(hostile.requests).toEqual([...listOnly]);
});

describe("containers with names that are not valid tags", () => {
  const odd = [
    "pr-/../../v3/container-tags",
    "pr-%2e%2e",
    "pr-*",
    "pr- 1",
    "pr-?moveTo=production",
    `pr-${"x".repeat(100)}`,
    "pr-\u001b[2J\u001b[1;31merror: all was deleted",
    "pr-1\n::add-mask::production\n##[error]all was deleted",
    "pr-\u202edetgnimrif",
    "pr-<{%fg 1%}>red",
  ];

  test("are left out by a policy, and get no request", async () => {
    const hostile = await accountOf([...odd, "__proto__", "pr-1"]);
    const { error, lines } = await stackAt(hostile).preview({ match: ["pr-*", "__p*"], inactiveFor: "14 days" });
    expect(error).toBeUndefined();
    expect(lines).toEqual([
      expect.stringMatching(/will delete 4 documents in 2 containers[^]* and 5 more \(not a valid container tag\)/),
    ]);
    expect(new Set(hostile.requests)).toEqual(new Set(["GET /v3/container-tags/list"]));
  });

  test.each(odd)("are shown on one line without harmful characters: %#", async (tag) => {
    const { lines } = await stackAt(await accountOf([tag])).preview({ match: ["pr-*"], inactiveFor: "14 days" });
    expect(lines).toEqual([expect.stringMatching(/^nothing to delete\nkept: pr-[^\n]*\(not a valid container tag\)$/)]);
    expect(lines[0]?.replace("\n", "")).not.toMatch(/\p{C}|##\w*\[|<\{%/u);
  });
});

const listContainers = async ({ api, context }: Hostile) => await api.listContainers(context);

test.each<["v3" | "v5", string, (hostile: Hostile) => Promise<unknown>, (name: string) => object]>([
  ["v3", "a document's id", listPage, (id) => ({ memories: [{ ...row, id }], ...one })],
  ["v3", "a tag", listPage, (tag) => ({ memories: [{ ...row, containerTags: ["pr-42", tag] }], ...one })],
  ["v3", "a container", listContainers, (containerTag) => [{ containerTag, ...container }]],
  ["v5", "a document's id", listPage, (id) => ({ documents: [{ id, system: row }], ...one })],
  ["v5", "a namespace", listContainers, (namespace) => ({ namespaces: [{ namespace, ...container }], ...one })],
])("a response of %s with the key as %s is refused", async (apiVersion, _place, ask, body) => {
  await expect(ask(await startAnswering(200, body("pr-42"), { apiVersion }))).resolves.toBeDefined();
  const { message } = await errorOf(ask(await startAnswering(200, body(`x-${secretKey}`), { apiVersion })));
  expect(message).toContain("the API returned the key or a custom header as an id or a tag");
  expect(message).not.toContain(secretKey);
});

async function purge({ api }: Hostile, asked: Asked = {}) {
  return await purgeTags(await startWorld(), ["pr-42"], { ...asked, session: { api, ...asked.session } });
}

async function startEndless(rows: (page: number) => readonly object[], totalItems: number): Promise<Hostile> {
  return await startHostile((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const page = Number(/"page":(\d+)/.exec(body)?.[1]);
      respond(response, { memories: rows(page), pagination: { totalItems } });
    });
  });
}

async function accountOf(tags: readonly string[]): Promise<Hostile> {
  const containers = tags.map((containerTag) => ({ containerTag, ...container }));
  return await startAnswering(200, containers);
}

function stackAt({ url }: Hostile): OneResourceStack {
  return new OneResourceStack({ url, apiKey: "key" }, { methods: cleanupPolicyMethods }, urnOfPolicy);
}
