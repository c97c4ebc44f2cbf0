import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { listPage, startHostile } from "../support/hostile";
import { startRelay } from "../support/relay";
import { errorOf, expectSound, purgeTags, startWorld } from "../support/world";

const listed = JSON.stringify({ memories: [], pagination: { totalItems: 0 } });

test("a request asks for no compression", async () => {
  const asked: unknown[] = [];
  const hostile = await startHostile(({ headers }, response) => {
    asked.push(headers["accept-encoding"]);
    response.end(listed);
  });
  await listPage(hostile);
  expect(asked).toEqual(["identity"]);
});

test.each<[string, string | readonly string[] | undefined, Buffer]>([
  ["gzip", "gzip", gzipSync(listed)],
  ["gzip by its old name", "X-GZip", gzipSync(listed)],
  ["gzip without the header", undefined, gzipSync(listed)],
  ["gzip with the header of another encoding", "br", gzipSync(listed)],
  ["br", "br", brotliCompressSync(listed)],
  ["deflate", "deflate", deflateSync(listed)],
  ["deflate without the header of zlib", "deflate", deflateRawSync(listed)],
  ["gzip, then br", "gzip, br", brotliCompressSync(gzipSync(listed))],
  ["deflate, then br, in two headers", ["deflate", "br"], brotliCompressSync(deflateSync(listed))],
  ["identity", "identity", Buffer.from(listed)],
  ["no gzip in spite of the header", "gzip", Buffer.from(listed)],
  ["no br in spite of the header", "br", Buffer.from(listed)],
  ["no deflate in spite of the header", "deflate", Buffer.from(listed)],
  ["a byte order mark", undefined, Buffer.from(`\ufeff${listed}`)],
  ["a byte order mark in gzip", "gzip", gzipSync(`\ufeff${listed}`)],
])("a response is read: %s", async (_what, encoding, body) => {
  expect(await listPage(await answering(encoding, body))).toEqual({ total: 0, rows: [] });
});

test.each<[string, Buffer]>([
  ["gzip", gzipSync(listed).subarray(0, 30)],
  ["br", brotliCompressSync(listed).subarray(0, 20)],
  ["deflate", deflateSync(listed).subarray(0, 20)],
  ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00])],
  ["gzip, gzip, gzip", gzipSync(gzipSync(gzipSync(listed)))],
])("a response that cannot be decompressed fails: %s", async (encoding, body) => {
  const { message } = await errorOf(listPage(await answering(encoding, body)));
  expect(message).toContain("returned 200 with a body that is not JSON");
});

const large = "x".repeat(17 * 1024 * 1024);

test.each<[string, string | undefined, (text: Buffer) => Buffer]>([
  ["gzip", "gzip", gzipSync],
  ["gzip without the header", undefined, gzipSync],
  ["br", "br", brotliCompressSync],
  ["deflate", "deflate", deflateSync],
  ["deflate without the header of zlib", "deflate", deflateRawSync],
  ["gzip twice", "gzip, gzip", (text) => gzipSync(gzipSync(text))],
])("a small response that is large when decompressed is refused at the limit: %s", async (_what, encoding, encode) => {
  const body = encode(Buffer.from(large));
  expect(body.length).toBeLessThan(100_000);
  const error = await errorOf(listPage(await answering(encoding, body)));
  expect(error).toMatchObject({ name: "ApiError", failure: { kind: "unreadable" } });
  expect(error.message).toContain("returned more than 16 MiB");
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
])("a purge works behind a gateway that compresses every response: %s", async (encoding, encode) => {
  const world = await startWorld({ containers: { "pr-42": 150 } });
  const { api } = await startRelay(world, { compress: { encoding, encode } });
  expect((await purgeTags(world, ["pr-42"], { session: { api } })).deleted).toBe(150);
  expectSound(world, 150);
});

async function answering(encoding: string | readonly string[] | undefined, body: Buffer) {
  return await startHostile((_request, response) => {
    if (encoding !== undefined) response.setHeader("content-encoding", encoding);
    response.end(body);
  });
}
