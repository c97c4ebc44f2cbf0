import type { IncomingMessage, ServerResponse } from "node:http";
import { clear } from "../../../provider/client/api";
import { Deadline, systemClock } from "../../../provider/client/deadline";
import type { PurgeMethod } from "../../../provider/purge/types";
import { type Hostile, startAnswering, startHostile } from "../support/hostile";
import { type Asked, errorOf, incomplete, purgeTags, startWorld } from "../support/world";

const row = { id: "a".repeat(22), createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags: ["pr-42"] };
const byIds: PurgeMethod = { kind: "ids", sharedDocuments: "delete", select: undefined };

describe("a false list of documents", () => {
  test("with a false total is refused by the limit, before anything is deleted", async () => {
    const hostile = await startAnswering(200, { memories: [row], pagination: { totalItems: 10 ** 15 } });
    const { message } = await errorOf(purge(hostile));
    expect(message).toContain("1,000,000,000,000,000 documents in pr-42");
    expect(hostile.requests).toEqual(["POST /v3/documents/list"]);
  });

  test.each<[string, (page: number) => readonly object[]]>([
    ["the same document again and again", () => [row]],
    [
      "other documents each time",
      (page) => Array.from({ length: 100 }, (_, at) => ({ ...row, id: `id-${page}-${at}` })),
    ],
    ["nothing more", (page) => (page === 1 ? [row] : [])],
  ])("without an end, with %s, ends with the timeout, and nothing is deleted", async (_what, rows) => {
    let page = 0;
    const hostile = await startHostile((_request, response) => {
      page += 1;
      json(response, { memories: rows(page), pagination: { totalItems: 10 ** 15 } });
    });
    const { message } = await errorOf(purge(hostile, { method: byIds }, 300));
    expect(message).toMatch(/until the timeout \(0\.3s\); nothing was deleted$/);
    expect(new Set(hostile.requests)).toEqual(new Set(["POST /v3/documents/list"]));
  });

  test.each([1e400, -1, 2 ** 60, 0.5, "1", null])("with the number %p is refused", async (number) => {
    // JSON has no Infinity, but numbers that are read as one.
    const written = number === Infinity ? "1e400" : JSON.stringify(number);
    const list = await startAnswering(200, `{"memories":[],"pagination":{"totalItems":${written}}}`);
    expect((await errorOf(purge(list))).message).toContain("returned an unexpected response: pagination.totalItems");
    const deletion = await startAnswering(200, `{"success":true,"deletedCount":${written}}`);
    const { message } = await errorOf(deletion.api.deleteByTag(clear("pr-42"), deletion.context));
    expect(message).toContain("returned an unexpected response: deletedCount");
  });

  test("with more rows than requested is refused", async () => {
    const memories = Array.from({ length: 101 }, (_, at) => ({ ...row, id: `id-${at}` }));
    const hostile = await startAnswering(200, { memories, pagination: { totalItems: 101 } });
    const { message } = await errorOf(purge(hostile));
    expect(message).toContain("memories: Too big: expected array to have <=100 items; nothing was deleted");
  });

  test("with documents of other containers is refused, and nothing is deleted", async () => {
    const memories = [row, { ...row, id: "b".repeat(22), containerTags: ["production", "pr-42x"] }];
    const hostile = await startAnswering(200, { memories, pagination: { totalItems: 2 } });
    expect((await errorOf(purge(hostile, { method: byIds }))).message).toContain("the API did not apply the filter");
    expect(hostile.requests).toEqual(["POST /v3/documents/list"]);
  });
});

describe("ids that look like something else", () => {
  const ids = [
    "../../v3/container-tags/production",
    "%2e%2e/",
    "?moveTo=x",
    "__proto__",
    "constructor",
    "*",
    "::add-mask::x",
  ];

  test.each(["v3", "v5"] as const)("are sent on %s in a body, and never in a path", async (apiVersion) => {
    const bodies: unknown[] = [];
    let gone = false;
    const respond = (request: IncomingMessage, response: ServerResponse, body: string): void => {
      if (request.method === "DELETE") {
        bodies.push(JSON.parse(body));
        gone = true;
        json(response, { success: true, deletedCount: ids.length, count: ids.length });
        return;
      }
      const rows = gone ? [] : ids.map((id) => ({ ...row, id, system: row }));
      json(response, { memories: rows, documents: rows, pagination: { totalItems: rows.length } });
    };
    const hostile = await startHostile(
      (request, response) => {
        let body = "";
        request.on("data", (chunk: Buffer) => (body += chunk.toString()));
        request.on("end", () => {
          respond(request, response, body);
        });
      },
      { apiVersion },
    );
    expect((await purge(hostile, { method: byIds })).deleted).toBe(ids.length);
    expect(bodies).toEqual([{ ids }]);
    expect(hostile.requests.filter((line) => line.startsWith("DELETE"))).toEqual([
      apiVersion === "v3" ? "DELETE /v3/documents/bulk" : "DELETE /ns/pr-42/document",
    ]);
  });
});

test("metadata with the names of prototypes selects nothing", async () => {
  const body = `{"memories":[${JSON.stringify(row).slice(0, -1)},"metadata":{"__proto__":{"kind":"log"}}}],"pagination":{"totalItems":1}}`;
  const hostile = await startAnswering(200, body);
  const select = { metadata: { kind: "log" }, status: undefined, newerThanMs: undefined, olderThanMs: undefined };
  const outcome = await purge(hostile, { method: { kind: "ids", sharedDocuments: "delete", select } });
  expect(outcome).toMatchObject({ deleted: 0, tags: [{ kept: [{ reason: "not selected", documents: 1 }] }] });
  expect(hostile.requests).toEqual(["POST /v3/documents/list"]);
});

test("a redirected delete is not followed, and deletes nothing", async () => {
  const elsewhere = await startAnswering(200, { success: true, deletedCount: 1 });
  const hostile = await startHostile((request, response) => {
    if (request.method === "DELETE") response.writeHead(307, { location: `${elsewhere.url}/v3/documents/bulk` }).end();
    else json(response, { memories: [row], pagination: { totalItems: 1 } });
  });
  const { message } = await incomplete(purge(hostile));
  expect(message).toMatch(
    /^deleted 0 of 1 document in pr-42, then DELETE .* returned a redirect \(307\), which is never followed/,
  );
  expect(elsewhere.requests).toEqual([]);
});

/** A purge of pr-42 at this server. With a timeout it uses the real clock. */
async function purge({ api }: Hostile, asked: Omit<Asked, "session"> = {}, timeoutMs?: number) {
  const world = await startWorld();
  if (timeoutMs === undefined) return await purgeTags(world, ["pr-42"], { ...asked, session: { api } });
  const deadline = new Deadline(timeoutMs, systemClock);
  try {
    return await purgeTags(world, ["pr-42"], { ...asked, session: { api, deadline } });
  } finally {
    deadline.end();
  }
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
