import { ApiError } from "../../../provider/errors";
import { planTag } from "../../../provider/purge/plan";
import { listRemaining } from "../../../provider/purge/remaining";
import { connect, secretKey } from "../support/connect";
import { type Hostile, startAnswering, startHostile } from "../support/hostile";
import { errorOf, startWorld } from "../support/world";

const checkAddress = "check that the base URL is the address of the API";
const row = { id: "a".repeat(22), createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags: ["pr-42"] };
const page = { memories: [row], pagination: { currentPage: 1, totalItems: 1, totalPages: 1 } };

test.each([301, 302, 303, 307, 308])(
  "a redirect (%i) is never followed, so no other server receives the key",
  async (status) => {
    const elsewhere = await startAnswering(200, page);
    const hostile = await startAnswering(status, "", { location: `${elsewhere.url}/v3/documents/list` });
    const { message } = await listFailure(hostile);
    expect(message).toContain(`returned a redirect (${status}), which is never followed`);
    expect(message).toContain("set the base URL");
    expect(hostile.requests).toEqual(["POST /v3/documents/list"]);
    expect(elsewhere.requests).toEqual([]);
  },
);

test("a response in HTML fails after one request, with a hint to check the address", async () => {
  const hostile = await startAnswering(200, "<!DOCTYPE html><title>private words</title>");
  const { message } = await listFailure(hostile);
  expect(message).toBe(`POST ${hostile.url}/v3/documents/list returned 200 with HTML\n${checkAddress}`);
  expect(hostile.requests).toHaveLength(1);
});

test("a response that is not JSON fails", async () => {
  for (const body of ["OK", ""]) {
    expect((await listFailure(await startAnswering(200, body))).message).toContain(
      "returned 200 with a body that is not JSON",
    );
  }
});

test.each<[string, unknown]>([
  ["Invalid input", ["other"]],
  ["Invalid input", null],
  ["memories", { documents: [], pagination: page.pagination }],
  ["pagination", { memories: [] }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: "12" } }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: -1 } }],
  ["pagination.totalItems", { memories: [], pagination: { totalItems: 1.5 } }],
  ["memories.0.id", { ...page, memories: [{ ...row, id: "" }] }],
  ["memories.0.createdAt", { ...page, memories: [{ ...row, createdAt: "private words" }] }],
  ["memories.0.status", { ...page, memories: [{ ...row, status: 3 }] }],
  ["memories.0.containerTags", { ...page, memories: [{ ...row, containerTags: "pr-42" }] }],
])("an unexpected response is reported with %s, and without its content", async (field, body) => {
  const hostile = await startAnswering(200, body);
  const { message } = await listFailure(hostile);
  expect(message).toContain(`returned an unexpected response: ${field}: `);
  expect(message).not.toContain("private words");
  expect(hostile.requests).toHaveLength(1);
});

test("a list that ignores its filter is refused, with the id of a foreign document", async () => {
  const foreign = { ...row, id: "b".repeat(22), containerTags: ["production"] };
  const body = { memories: [row, foreign], pagination: { totalItems: 2 } };
  const { message } = await listFailure(await startAnswering(200, body));
  expect(message).toContain(`a document without this tag (${foreign.id})`);
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

test("a response beyond the limit of bytes is refused before it is complete", async () => {
  const hostile = await startHostile((_request, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024)));
    };
    response.on("drain", more);
    more();
  });
  expect((await listFailure(hostile)).message).toContain("more than 16 MiB");
});

test("a refused connection fails after four attempts", async () => {
  const world = await startWorld();
  await world.emulator.close();
  const error = await errorOf(planTag({ containerTag: "pr-42", event: "create" }, world.session));
  expect(error.message).toBe(`cannot reach ${world.emulator.url}: the connection was refused`);
  expect(world.waits).toHaveLength(3);
});

test("https to an http server fails with the reason", async () => {
  const hostile = await startAnswering(200, page);
  const { api, close } = connect(hostile.url.replace("http:", "https:"));
  const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;
  const { message } = await errorOf(api.list(query, hostile.context));
  await close();
  expect(message).toContain("the server does not use https");
});

test("the API's error message is quoted in one short line, without the key", async () => {
  const hostile = await startAnswering(400, { error: `bad\n  ${"x".repeat(70)} Bearer ${secretKey} ${secretKey}` });
  const error = await listFailure(hostile);
  expect(error.message).toMatch(/returned 400: "bad x{70} Bearer \[redacted\]/);
  for (const text of [error.message, error instanceof ApiError ? (error.apiMessage ?? "") : ""]) {
    expect(text).not.toContain(secretKey.slice(0, 8));
  }
});

test("a key at the end of the quoted part is not shown in part", async () => {
  const error = await listFailure(await startAnswering(400, { error: `${"x".repeat(85)} ${secretKey}` }));
  expect(error.message).toContain("x".repeat(85));
  expect(error.message).not.toContain(secretKey.slice(0, 8));
});

test("a body that is not the vendor's error response is not quoted", async () => {
  for (const body of ["private words", { message: "private words" }, { error: { text: "private words" } }]) {
    expect((await listFailure(await startAnswering(400, body))).message).toMatch(/\/v3\/documents\/list returned 400$/);
  }
});

test.each([404, 410])(
  "a missing route (%i) fails after one request, with a hint to check the address",
  async (status) => {
    const hostile = await startAnswering(status, { error: "Not Found" });
    expect((await listFailure(hostile)).message).toContain(`returned ${status}\n${checkAddress}`);
    expect(hostile.requests).toHaveLength(1);
  },
);

test("a list with smaller pages than requested is read up to the first document of the plan", async () => {
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
