import { clear } from "../../../provider/client/api";
import { describeStatus, failureOf } from "../../../provider/client/response";
import { ApiError } from "../../../provider/errors";
import { listRemaining } from "../../../provider/purge/remaining";
import { connect, secretKey } from "../support/connect";
import {
  firstPage,
  type Hostile,
  listedRow as row,
  listPage,
  respond,
  startAnswering,
  startHostile,
} from "../support/hostile";
import { errorOf, purgeTags, startWorld } from "../support/world";

const where = "DELETE https://api.example/v3/documents/bulk";
const words = { action: "delete documents", forbiddenHint: "use another key", keyHint: "check the key" };
const checkAddress = "check that the base URL is the address of the API";
const noFirewall = `${checkAddress}, and that no firewall or proxy blocks this machine`;
const proxyLogin = "put the user and the password of the proxy into HTTPS_PROXY or HTTP_PROXY";
const plan = "check the plan and the payments of the organization";
const bodyLimit = "raise the limit for request bodies of that server or proxy";
const otherServer = `${checkAddress}, and that no proxy sends its requests to another server`;
const useTarget = "set the base URL to the address that it redirects to";
const one = { totalItems: 1 };

test.each<[number, string, string, readonly string[]]>([
  [401, '{"error":"x"}', "the API rejected the key (401)", ["check the key"]],
  [403, "", "the key may not delete documents (403)", ["use another key"]],
  ...[401, 403, 429, 503].map((status): [number, string, string, readonly string[]] => [
    status,
    " <html>",
    `${where}: a firewall or proxy answered with an HTML page (${status})`,
    [noFirewall],
  ]),
  [407, "<!DOCTYPE html>", `${where}: a firewall or proxy answered with an HTML page (407)`, [proxyLogin]],
  [407, "", `${where}: a proxy asks for a login (407)`, [proxyLogin]],
  [402, "{}", `${where}: the plan of the organization does not cover this request (402)`, [plan]],
  [413, "<html>", `${where}: the request is larger than the server or a proxy allows (413)`, [bodyLimit]],
  [421, "", `${where}: the server is not responsible for this host name (421)`, [otherServer]],
  [404, "", `${where} returned 404`, [checkAddress]],
  [410, "", `${where} returned 410`, [checkAddress]],
  [307, "", `${where} returned a redirect (307), which is never followed`, [useTarget]],
  [400, "", `${where} returned 400`, []],
  [503, "", `${where} returned 503`, []],
])("%i with the body %j is described by what happened and what to do", (status, text, summary, hints) => {
  expect(describeStatus({ status, text, retryAfter: undefined }, words, where)).toEqual({ summary, hints });
});

test("a refused delete with a body also names a body that was removed on the way", () => {
  const hint = expect.stringMatching(/proxy or gateway on the way removed it/) as unknown;
  const hints = (status: number, deletesWithBody: boolean): readonly string[] =>
    describeStatus({ status, text: "", retryAfter: undefined }, { ...words, deletesWithBody }, where).hints;
  expect([hints(400, true), hints(400, false), hints(409, true)]).toEqual([[hint], [], []]);
});

test.each([
  [401, { kind: "unauthorized" }],
  [403, { kind: "forbidden" }],
  [404, { kind: "missing" }],
  [410, { kind: "gone" }],
  [302, { kind: "redirect" }],
  [400, { kind: "rejected" }],
  [408, { kind: "server", retryAfterMs: 7_000 }],
  [409, { kind: "conflict", retryAfterMs: 7_000 }],
  [429, { kind: "limited", retryAfterMs: 7_000 }],
  [500, { kind: "server", retryAfterMs: 7_000 }],
])("%i is a failure of its own kind, with Retry-After where it may be repeated", (status, failure) => {
  expect(failureOf({ status, text: "", retryAfter: "7" }, 0)).toEqual({ status, ...failure });
  expect(failureOf({ status, text: "<html>", retryAfter: "7" }, 0)).toEqual({ status, ...failure, foreign: true });
});

test.each([301, 302, 303, 307, 308])("no other server receives the key by a redirect (%i)", async (status) => {
  const elsewhere = await startAnswering(200, { memories: [row], pagination: one });
  const headers = { location: `${elsewhere.url}/v3/documents/list` };
  const hostile = await startAnswering(status, "", { headers });
  const deletion = hostile.api.deleteByTag(clear("pr-42"), hostile.context);
  for (const { message } of [await listFailure(hostile), await errorOf(deletion)]) {
    expect(message).toContain(`returned a redirect (${status}), which is never followed`);
  }
  expect([hostile.requests.length, elsewhere.requests.length]).toEqual([2, 0]);
});

test("a response in HTML fails after one request, with a hint to check the address", async () => {
  const hostile = await startAnswering(200, "<!DOCTYPE html><title>private words</title>");
  const { message } = await listFailure(hostile);
  expect(message).toBe(`POST ${hostile.url}/v3/documents/list returned 200 with HTML\n${checkAddress}`);
  expect(hostile.requests).toHaveLength(1);
});

test.each<[string, unknown]>([
  ["Invalid input", ["other"]],
  ["Invalid input", null],
  ["memories", { documents: [], pagination: one }],
  ["memories: Too big: expected array to have <=100 items", { memories: Array(101).fill(row), pagination: one }],
  ["pagination", { memories: [] }],
  ["memories.0.id", { memories: [{ ...row, id: "" }], pagination: one }],
  ["memories.0.createdAt", { memories: [{ ...row, createdAt: "private words" }], pagination: one }],
  ["memories.0.status", { memories: [{ ...row, status: 3 }], pagination: one }],
  ["memories.0.containerTags", { memories: [{ ...row, containerTags: "pr-42" }], pagination: one }],
])("an unexpected response is reported with %s, and without its content", async (field, body) => {
  const hostile = await startAnswering(200, body);
  const { message } = await listFailure(hostile);
  expect(message).toContain(`returned an unexpected response: ${field}`);
  expect(message).not.toContain("private words");
  expect(hostile.requests).toHaveLength(1);
});

test.each(["1e400", "-1", String(2 ** 60), "0.5", '"1"', "null"])("the number %s is refused", async (number) => {
  const hostile = await startAnswering(200, `{"memories":[],"pagination":{"totalItems":${number}}}`);
  expect((await listFailure(hostile)).message).toContain("returned an unexpected response: pagination.totalItems");
  const { api, context } = await startAnswering(200, `{"success":true,"deletedCount":${number}}`);
  const { message } = await errorOf(api.deleteByTag(clear("pr-42"), context));
  expect(message).toContain("returned an unexpected response: deletedCount");
});

test("a list that ignores its filter is refused, with the id of a foreign document", async () => {
  const foreign = { ...row, id: "b".repeat(22), containerTags: ["production", "pr-42x"] };
  const hostile = await startAnswering(200, { memories: [row, foreign], pagination: { totalItems: 2 } });
  const { message } = await errorOf(listPage(hostile));
  expect(message).toMatch(/a document without this tag \(b{22}\): the API did not apply the filter/);
});

test.each([
  [2, 1],
  [0, 9],
])("a list that contradicts itself, with %i documents of %i, is refused", async (rows, totalItems) => {
  const hostile = await startAnswering(200, { memories: Array(rows).fill(row), pagination: { totalItems } });
  expect((await listFailure(hostile)).message).toContain("pagination.totalItems");
});

test("a refused connection at the first contact fails after 10 s", async () => {
  const world = await startWorld();
  await world.emulator.close();
  const { message } = await errorOf(purgeTags(world, ["pr-42"]));
  expect(message).toBe(`cannot reach ${world.emulator.url}: the connection was refused; nothing was deleted`);
  expect(world.waits.reduce((sum, { ms }) => sum + ms, 0)).toBe(10_000);
});

test("https to an http server fails with the reason", async () => {
  const hostile = await startAnswering(200, {});
  const { api, close } = connect(hostile.url.replace("http:", "https:"));
  const { message } = await errorOf(api.list(firstPage, hostile.context));
  await close();
  expect(message).toContain("the server does not use https");
});

test("the API's error message is quoted in one short line, without any part of the key", async () => {
  const hostile = await startAnswering(400, { error: `bad\n  ${"x".repeat(70)} Bearer ${secretKey} ${secretKey}` });
  const cut = await startAnswering(400, { error: `${"x".repeat(85)} ${secretKey}` });
  const errors = [await listFailure(hostile), await listFailure(cut)];
  expect(errors[0]?.message).toMatch(/returned 400: "bad x{70} Bearer \[redacted\]/);
  expect(errors[1]?.message).toContain("x".repeat(85));
  const shown = errors.map(({ apiMessage, message }) => `${message} ${apiMessage ?? ""}`).join();
  expect(shown).not.toContain(secretKey.slice(0, 8));
});

test("neither a body that is not the vendor's error response nor a header is quoted", async () => {
  const text = "private words";
  for (const body of [text, `<h1>${text}</h1>`, { message: text }, { error: { text } }, { error: [text] }]) {
    for (const status of [200, 400, 404]) {
      const hostile = await startAnswering(status, body, { headers: { "x-error": text } });
      const { message } = await listFailure(hostile);
      expect(message).toContain(`/v3/documents/list returned ${status === 200 ? "" : `${status}`}`);
      expect(message).not.toContain("private");
    }
  }
});

test("a list with smaller pages than requested is read up to the first document of the plan", async () => {
  const rows = [3, 2, 1].map((day) => ({ ...row, id: String(day), createdAt: `2026-01-0${day}T00:00:00Z` }));
  let asked = 0;
  const { api } = await startHostile((_request, response) => {
    respond(response, { memories: rows.slice(asked, asked + 1), pagination: { totalItems: 3 } });
    asked += 1;
  });
  const { session } = await startWorld();
  const counts = { count: 1, listed: 1, kept: [], alsoCarried: new Map(), allTagsSeen: true } as const;
  const plan = { containerTag: "pr-42", event: "create", newest: Date.UTC(2026, 0, 1), ...counts } as const;
  const options = { judge: () => ({ kind: "delete" }) as const, missed: new Set<string>(), ownDeletions: () => 0 };
  const rest = await listRemaining(plan, { ...session, api }, options);
  expect(rest).toMatchObject({ total: 3, ofPlan: 1, ids: ["1"], processing: 0 });
});

async function listFailure(hostile: Hostile): Promise<ApiError> {
  const error = await errorOf(listPage(hostile));
  if (!(error instanceof ApiError)) throw error;
  expect(error.message).not.toContain(secretKey);
  return error;
}
