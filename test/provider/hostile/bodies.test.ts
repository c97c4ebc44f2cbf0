import { clear } from "../../../provider/client/api";
import { type Hostile, listedRow, listPage, startAnswering, startHostile, startRaw } from "../support/hostile";
import { errorOf } from "../support/world";

/** Almost the limit of 16 MiB. */
const zeros = `${"0,".repeat(8_000_000)}0`;
const listed = { memories: [], pagination: { totalItems: 0 } };

test.each([200, 400])("a body without end, with the status %i, is refused once it is too large", async (status) => {
  const hostile = await startHostile((_request, response) => {
    response.writeHead(status);
    const piece = Buffer.from("private words".repeat(65_536));
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", more);
    more();
  });
  expect(await unreadable(hostile)).toBe(
    `POST ${hostile.url}/v3/documents/list returned more than 16 MiB\ncheck that the base URL is the address of the API`,
  );
});

const pagination = '"pagination":{"totalItems":1}';
const taggedWith = JSON.stringify({ ...listedRow, containerTags: ["tags"] }).replace('"tags"', zeros);
const listContainers = async ({ api, context }: Hostile) => await api.listContainers(context);
const deleteIds = async ({ api, context }: Hostile) =>
  await api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context);

test.each<[string, (hostile: Hostile) => Promise<unknown>, string, string]>([
  ["rows", listPage, `{"memories":[${zeros}],${pagination}}`, "memories: Too big: expected array to have <=100 items"],
  ["tags", listPage, `{"memories":[${taggedWith}],${pagination}}`, "memories.0.containerTags: Too big"],
  ["containers", listContainers, `[${zeros}]`, "Too big: expected array to have <=100000 items"],
  ["errors", deleteIds, `{"success":true,"deletedCount":0,"errors":[${zeros}]}`, "errors: Too big"],
])("a body with millions of %s of the wrong type is refused by their number", async (_what, ask, body, problem) => {
  const message = await unreadable(await startAnswering(200, body), ask);
  expect(message).toContain(`returned an unexpected response: ${problem}`);
  expect(message.length).toBeLessThan(300);
});

test("headers about the type and the length of a body are ignored", async () => {
  const headers = { "content-type": "text/html; charset=utf-16" };
  expect(await listPage(await startAnswering(200, listed, { headers }))).toEqual({ total: 0, rows: [] });
  const short = await startRaw((socket) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${JSON.stringify(listed)}`);
  });
  expect(await unreadable(short)).toContain("returned 200 with a body that is not JSON");
});

test.each([
  [200, "OK"],
  [200, ""],
  [202, ""],
  [204, ""],
])("a response with %i and the body %j fails", async (status, body) => {
  const message = await unreadable(await startAnswering(status, body));
  expect(message).toContain(`returned ${status} with a body that is not JSON`);
});

async function unreadable(hostile: Hostile, ask: (hostile: Hostile) => Promise<unknown> = listPage): Promise<string> {
  const error = await errorOf(ask(hostile));
  expect(error).toMatchObject({ name: "ApiError", failure: { kind: "unreadable" } });
  expect(error.message).not.toContain("private words");
  expect(hostile.requests).toHaveLength(1);
  return error.message;
}
