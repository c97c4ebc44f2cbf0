import type { IncomingHttpHeaders } from "node:http";
import Supermemory from "supermemory";
import { customHeadersIn } from "../../../provider/config/custom-headers";
import { readSettings } from "../../../provider/config/settings";
import { failure } from "../support/config-errors";
import { secretKey } from "../support/connect";
import { listPage, respond, startHostile } from "../support/hostile";
import { errorOf } from "../support/world";

const read = (text: string) => customHeadersIn({ SUPERMEMORY_CUSTOM_HEADERS: text });

test.each([
  ["", {}],
  [" \n\n", {}],
  ["X-Gateway-Key: gw-1", { "x-gateway-key": "gw-1" }],
  ["  X-A :  a: b \r\n\nx-b:\t2\n", { "x-a": "a: b", "x-b": "2" }],
  ["X-Empty:", { "x-empty": "" }],
  ["X-A: 1\nX-A: 2", { "x-a": "2" }],
  ["Cookie: a=b; c=d", { cookie: "a=b; c=d" }],
])("the custom headers %j are read as the vendor's client reads them", async (text, expected) => {
  expect(read(text)).toEqual(expected);
  expect(readSettings({}, { SUPERMEMORY_CUSTOM_HEADERS: text }).customHeaders).toEqual(expected);
  const sent = await sentByVendor(text);
  for (const [name, value] of Object.entries(expected)) expect([name, sent.get(name)]).toEqual([name, value]);
});

test.each([
  ["gw-secret-0123456789", 'line 1 is not "name: value"'],
  ["X-A: 1\n\n gw-secret-0123456789", 'line 3 is not "name: value"'],
  [": gw-secret-0123456789", 'line 1 is not "name: value"'],
  ["X A: gw-secret-0123456789", 'line 1 is not "name: value"'],
  ["X-A: gw-secret-0123456789\u0001", "line 1 contains an invalid character"],
  ["X-A: 1\nX-B: gw-secret-0123456789\u2713", "line 2 contains an invalid character"],
  ["Authorization: Bearer gw-secret-0123456789", "authorization is set by this package or by its connection"],
  ["content-TYPE : gw-secret-0123456789", "content-type is set by this package or by its connection"],
  ["Accept-Encoding: gw-secret-0123456789", "accept-encoding is set by this package or by its connection"],
  ["Proxy-Authorization: gw-secret-0123456789", "proxy-authorization is set by this package or by its connection"],
])("the custom headers %j are refused, and not shown", (text, problem) => {
  for (const refused of [() => read(text), () => readSettings({}, { SUPERMEMORY_CUSTOM_HEADERS: text })]) {
    const message = failure(refused);
    expect(message).toContain(`SUPERMEMORY_CUSTOM_HEADERS cannot be used: ${problem}`);
    expect(message).not.toContain("gw-secret");
  }
});

test("every request contains the custom headers beside those of the package, and no error shows their values", async () => {
  const received: IncomingHttpHeaders[] = [];
  const values = { "x-gateway-key": "Basic gw-secret-0123456789", "x-tenant": "tenant-secret-7" };
  const text = Object.entries(values).map(([name, value]) => `${name}: ${value}`);
  const hostile = await startHostile(
    ({ headers }, response) => {
      received.push(headers);
      const echo = `no Basic gw-secret-0123456789, nor ${Buffer.from("gw-secret-0123456789").toString("base64")}`;
      respond(response, { error: `${echo} for tenant-secret-7` }, 400);
    },
    { env: { SUPERMEMORY_CUSTOM_HEADERS: text.join("\n") } },
  );
  const { message } = await errorOf(listPage(hostile));
  const own = { authorization: `Bearer ${secretKey}`, "content-type": "application/json" };
  expect(received).toMatchObject([{ ...values, ...own }]);
  expect(message).toMatch(/"no \[redacted\], nor \[redacted\]\S* for \[redacted\]"/);
});

/** The headers of a request of the vendor's client. */
async function sentByVendor(text: string): Promise<Headers> {
  const before = process.env["SUPERMEMORY_CUSTOM_HEADERS"];
  process.env["SUPERMEMORY_CUSTOM_HEADERS"] = text;
  const sent: Headers[] = [];
  try {
    const client = new Supermemory({
      apiKey: "key",
      fetch: (_url, init) => {
        sent.push(new Headers(init?.headers));
        return Promise.resolve(new Response("{}", { headers: { "content-type": "application/json" } }));
      },
    });
    await client.get("/v3/container-tags/list");
  } finally {
    if (before === undefined) delete process.env["SUPERMEMORY_CUSTOM_HEADERS"];
    else process.env["SUPERMEMORY_CUSTOM_HEADERS"] = before;
  }
  const [headers] = sent;
  if (headers === undefined) throw new Error("the client sent nothing");
  return headers;
}
