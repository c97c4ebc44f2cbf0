import { ApiError } from "../../../provider/errors";
import { planTag } from "../../../provider/purge/plan";
import { listRemaining } from "../../../provider/purge/remaining";
import { connect, secretKey } from "../support/connect";
import { type Hostile, startAnswering, startHostile } from "../support/hostile";
import { errorOf, startWorld } from "../support/world";

const row = { id: "a".repeat(22), createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags: ["pr-42"] };
const page = { memories: [row], pagination: { currentPage: 1, totalItems: 1, totalPages: 1 } };

test.each([301, 302, 303, 307, 308])(
  "a redirect (%i) is never followed, and the key goes nowhere else",
  async (status) => {
    const elsewhere = await startAnswering(200, page);
    const hostile = await startAnswering(status, "", { location: `${elsewhere.url}/v3/documents/list` });
    const { message } = await listFailure(hostile);
    expect(message).toContain(`answered with a redirect (${status}), which is never followed`);
    expect(message).toContain("supermemory:baseUrl");
    expect(hostile.requests).toEqual(["POST /v3/documents/list"]);
    expect(elsewhere.requests).toEqual([]);
  },
);

test("an answer in HTML asks whether this is the API, after one request", async () => {
  const hostile = await startAnswering(200, "<!DOCTYPE html><title>private words</title>");
  const { message } = await listFailure(hostile);
  expect(message).toBe(`POST ${hostile.url}/v3/documents/list answered 200 with HTML: is this the address of the API?`);
  expect(hostile.requests).toHaveLength(1);
});

test("an answer that is not JSON at all says so", async () => {
  for (const body of ["OK", ""]) {
    expect((await listFailure(await startAnswering(200, body))).message).toContain("answered 200 with not JSON");
  }
});

test.each<[string, unknown]>([
  ["the whole answer", ["other"]],
  ["the whole answer", null],
  ["memories", { documents: [], pagination: page.pagination }],
  ["pagination", { memories: [] }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: "12" } }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: -1 } }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: 1.5 } }],
  ["memories.0.id", { ...page, memories: [{ ...row, id: "" }] }],
  ["memories.0.createdAt", { ...page, memories: [{ ...row, createdAt: "private words" }] }],
  ["memories.0.status", { ...page, memories: [{ ...row, status: 3 }] }],
  ["memories.0.containerTags", { ...page, memories: [{ ...row, containerTags: "pr-42" }] }],
])("an answer of another shape names the field %s and quotes nothing", async (field, body) => {
  const hostile = await startAnswering(200, body);
  const { message } = await listFailure(hostile);
  expect(message).toContain(`answered in another shape than the API documents: ${field}: `);
  expect(message).not.toContain("private words");
  expect(hostile.requests).toHaveLength(1);
});

test("a list that ignores its filter is refused, with a document that shows it", async () => {
  const foreign = { ...row, id: "b".repeat(22), containerTags: ["production"] };
  const body = { memories: [row, foreign], pagination: { totalItems: 2 } };
  const { message } = await listFailure(await startAnswering(200, body));
  expect(message).toContain(`a document that does not carry this tag (${foreign.id})`);
});

test("a list whose numbers contradict each other is refused", async () => {
  for (const body of [
    { memories: [row, row], pagination: { totalItems: 1 } },
    { memories: [], pagination: { totalItems: 9 } },
  ]) {
    const { message } = await listFailure(await startAnswering(200, body));
    expect(message).toContain("pagination.totalItems");
  }
});

test("an answer larger than any the API gives is cut off", async () => {
  const hostile = await startHostile((_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
    };
    response.on("drain", more);
    more();
  });
  expect((await listFailure(hostile)).message).toContain("more than 32 MiB");
});

test("a refused connection gets four attempts, then says so", async () => {
  const world = await startWorld();
  await world.emulator.close();
  const error = await errorOf(planTag({ containerTag: "pr-42", event: "create" }, world.session));
  expect(error.message).toBe(`cannot reach ${world.emulator.url}: the connection was refused`);
  expect(world.waits).toHaveLength(3);
});

test("https to a server that speaks http says so", async () => {
  const hostile = await startAnswering(200, page);
  const { api, close } = connect(hostile.url.replace("http:", "https:"));
  const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;
  const { message } = await errorOf(api.list(query, hostile.context));
  await close();
  expect(message).toContain("the server does not speak https");
});

test("an error of the API's is quoted in one short line, without the key", async () => {
  const hostile = await startAnswering(400, { error: `bad\n  ${"x".repeat(70)} Bearer ${secretKey} ${secretKey}` });
  const error = await listFailure(hostile);
  expect(error.message).toMatch(/answered 400 \(it says: bad x{70} Bearer \[redacted\]/);
  for (const text of [error.message, error instanceof ApiError ? (error.apiMessage ?? "") : ""]) {
    expect(text).not.toContain(secretKey.slice(0, 8));
  }
});

test("a key that a quoted line would cut in two is not shown in part", async () => {
  const error = await listFailure(await startAnswering(400, { error: `${"x".repeat(85)} ${secretKey}` }));
  expect(error.message).toContain("x".repeat(85));
  expect(error.message).not.toContain(secretKey.slice(0, 8));
});

test("a body that is not the vendor's error is not quoted", async () => {
  for (const body of ["private words", { message: "private words" }, { error: { text: "private words" } }]) {
    expect((await listFailure(await startAnswering(400, body))).message).toMatch(/\/v3\/documents\/list answered 400$/);
  }
});

test.each([404, 410])("a route that is not there (%i) asks for the address", async (status) => {
  const hostile = await startAnswering(status, { error: "Not Found" });
  expect((await listFailure(hostile)).message).toContain(`answered ${status}: is this the address of the API?`);
  expect(hostile.requests).toHaveLength(1);
});

test("a list that pages in smaller steps than asked is followed to where the plan begins", async () => {
  const rows = [3, 2, 1].map((day) => ({ ...row, id: String(day), createdAt: `2026-01-0${day}T00:00:00Z` }));
  let asked = 0;
  const hostile = await startHostile((_request, response) => {
    response.end(JSON.stringify({ memories: rows.slice(asked, asked + 1), pagination: { totalItems: 3 } }));
    asked += 1;
  });
  const world = await startWorld();
  const newest = Date.UTC(2026, 0, 1);
  const plan = {
    containerTag: "pr-42",
    event: "create",
    count: 1,
    listed: 1,
    kept: [],
    newest,
    alsoCarried: new Map(),
    allTagsSeen: true,
  } as const;
  const rest = await listRemaining(plan, { ...world.session, api: hostile.api });
  expect(rest).toMatchObject({ total: 3, ofPlan: 1, ids: ["1"], processing: 0 });
});

async function listFailure(hostile: Hostile): Promise<Error> {
  const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;
  const error = await errorOf(hostile.api.list(query, hostile.context));
  expect(error).toBeInstanceOf(ApiError);
  expect(error.message).not.toContain(secretKey);
  return error;
}
