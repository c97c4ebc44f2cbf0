import { gzipSync } from "node:zlib";
import { ApiError } from "../../../provider/errors";
import { type Hostile, startAnswering, startHostile, startRaw } from "../support/hostile";
import { clear } from "../../../provider/client/api";
import { errorOf } from "../support/world";

/** As many as an answer of 32 MiB can hold. */
const zeros = `${"0,".repeat(16_000_000)}0`;
const listed = { memories: [], pagination: { totalItems: 0 } };

describe("a body without end", () => {
  test.each([
    ["text", "private words", "more than 32 MiB"],
    ["lists in lists", "[", "more than a million lists and objects"],
    ["objects", "{},", "more than a million lists and objects"],
  ])("of %s is cut off as soon as it is too large", async (_what, text, limit) => {
    const hostile = await startHostile((_request, response) => {
      response.writeHead(200);
      const piece = Buffer.from(text.repeat(65_536));
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    const { message } = await unreadable(hostile);
    expect(message).toBe(`POST ${hostile.url}/v3/documents/list answered with ${limit}, which no API answer has`);
  });

  test("is cut off in an error, too", async () => {
    const hostile = await startHostile((_request, response) => {
      response.writeHead(400);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    expect((await unreadable(hostile)).message).toContain("more than 32 MiB");
  });
});

describe("a body that is all of", () => {
  test.each<[string, string, string]>([
    ["rows that are none", `{"memories":[${zeros}],"pagination":{"totalItems":1}}`, "memories: "],
    [
      "tags that are none",
      `{"memories":[{"id":"a","createdAt":"2026-01-01T00:00:00Z","status":"done","containerTags":[${zeros}]}],"pagination":{"totalItems":1}}`,
      "memories.0.containerTags: ",
    ],
  ])("%s is refused for their number alone, in little memory", async (_what, body, field) => {
    const { message } = await unreadable(await startAnswering(200, body));
    expect(message).toContain(`answered in another shape than the API documents: ${field}`);
    expect(message.length).toBeLessThan(300);
  });

  test.each<[string, (hostile: Hostile) => Promise<unknown>, string]>([
    ["containers", async ({ api, context }) => await api.listContainers(context), `[${zeros}]`],
    [
      "complaints",
      async ({ api, context }) => await api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context),
      `{"success":true,"deletedCount":0,"errors":[${zeros}]}`,
    ],
  ])("%s that are none is refused for their number alone, too", async (_what, ask, body) => {
    const hostile = await startAnswering(200, body);
    const { message } = await errorOf(ask(hostile));
    expect(message).toContain("Too big: expected array to have <=300000 items");
    expect(hostile.requests).toHaveLength(1);
  });
});

test("a compressed body is not unpacked, be it small or a bomb", async () => {
  for (const plain of [JSON.stringify(listed), "x".repeat(64 * 1024 * 1024)]) {
    const hostile = await startHostile((request, response) => {
      expect(request.headers["accept-encoding"]).toBeUndefined();
      response.writeHead(200, { "content-encoding": "gzip" });
      response.end(gzipSync(plain));
    });
    expect((await unreadable(hostile)).message).toContain("answered 200 with not JSON");
  }
});

test("what a body says of itself in its headers is not believed", async () => {
  const headers = { "content-type": "text/html; charset=utf-16" };
  const hostile = await startAnswering(200, listed, headers);
  expect(await list(hostile)).toEqual({ total: 0, rows: [] });
  const short = await startRaw((socket) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n${JSON.stringify(listed)}`);
  });
  expect((await unreadable(short)).message).toContain("answered 200 with not JSON");
});

test("an answer without a body is none, whatever its status promises", async () => {
  for (const status of [200, 202, 204]) {
    const hostile = await startHostile((_request, response) => {
      response.writeHead(status);
      response.end();
    });
    expect((await unreadable(hostile)).message).toContain(`answered ${status} with not JSON`);
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
