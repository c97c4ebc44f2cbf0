import { gzipSync } from "node:zlib";
import { ApiError } from "../../../provider/errors";
import { type Hostile, startAnswering, startHostile, startRaw } from "../support/hostile";
import { clear } from "../../../provider/client/api";
import { errorOf } from "../support/world";

/** Almost the limit of 16 MiB. */
const zeros = `${"0,".repeat(8_000_000)}0`;
const checkAddress = "check that the base URL is the address of the API";
const listed = { memories: [], pagination: { totalItems: 0 } };

describe("a body without end", () => {
  test.each([200, 400])("with the status %i is refused as soon as it is too large", async (status) => {
    const hostile = await startHostile((_request, response) => {
      response.writeHead(status);
      const piece = Buffer.from("private words".repeat(65_536));
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    const { message } = await unreadable(hostile);
    expect(message).toBe(`POST ${hostile.url}/v3/documents/list returned more than 16 MiB\n${checkAddress}`);
  });
});

describe("a body of", () => {
  test.each<[string, string, string]>([
    ["rows of the wrong type", `{"memories":[${zeros}],"pagination":{"totalItems":1}}`, "memories: "],
    [
      "tags of the wrong type",
      `{"memories":[{"id":"a","createdAt":"2026-01-01T00:00:00Z","status":"done","containerTags":[${zeros}]}],"pagination":{"totalItems":1}}`,
      "memories.0.containerTags: ",
    ],
  ])("%s is refused by their number, in little memory", async (_what, body, field) => {
    const { message } = await unreadable(await startAnswering(200, body));
    expect(message).toContain(`returned an unexpected response: ${field}`);
    expect(message.length).toBeLessThan(300);
  });

  test.each<[string, (hostile: Hostile) => Promise<unknown>, string]>([
    ["containers", async ({ api, context }) => await api.listContainers(context), `[${zeros}]`],
    [
      "errors",
      async ({ api, context }) => await api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
      `{"success":true,"deletedCount":0,"errors":[${zeros}]}`,
    ],
  ])("%s of the wrong type is refused by their number", async (_what, ask, body) => {
    const hostile = await startAnswering(200, body);
    const { message } = await errorOf(ask(hostile));
    expect(message).toContain("Too big: expected array to have <=100000 items");
    expect(hostile.requests).toHaveLength(1);
  });
});

test("a compressed body is not unpacked", async () => {
  for (const plain of [JSON.stringify(listed), "x".repeat(64 * 1024 * 1024)]) {
    const hostile = await startHostile((request, response) => {
      expect(request.headers["accept-encoding"]).toBeUndefined();
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(plain));
    });
    expect((await unreadable(hostile)).message).toContain("returned 200 with a body that is not JSON");
  }
});

test("headers about the body are ignored", async () => {
  const headers = { "content-type": "text/html; charset=utf-16" };
  const hostile = await startAnswering(200, listed, headers);
  expect(await list(hostile)).toEqual({ total: 0, rows: [] });
  const short = await startRaw((socket) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${JSON.stringify(listed)}`);
  });
  expect((await unreadable(short)).message).toContain("returned 200 with a body that is not JSON");
});

test("a response without a body fails with any status", async () => {
  for (const status of [200, 202, 204]) {
    const hostile = await startHostile((_request, response) => {
      response.writeHead(status);
      response.end();
    });
    expect((await unreadable(hostile)).message).toContain(`returned ${status} with a body that is not JSON`);
  }
});

async function list({ api, context }: Hostile) {
  return await api.list({ containerTag: "pr-42", page: 1, order: "desc" }, context);
}

/** The failure of a list, after one request. */
async function unreadable(hostile: Hostile): Promise<Error> {
  const error = await errorOf(list(hostile));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ failure: { kind: "unreadable" } });
  expect(error.message).not.toContain("private words");
  expect(hostile.requests).toHaveLength(1);
  return error;
}
