import { readSettings } from "../../../provider/config/settings";
import { failure } from "../support/config-errors";

test("the address is that of the configuration, then SUPERMEMORY_BASE_URL, without trailing slashes", () => {
  const env = { SUPERMEMORY_BASE_URL: "https://env.example/" };
  expect(readSettings({ baseUrl: "https://config.example/api//" }, env).baseUrl).toBe("https://config.example/api");
  expect(readSettings({}, env).baseUrl).toBe("https://env.example");
});

test.each(["localhost:4000", "127.0.0.1", "127.9.9.9:80", "127.1", "0x7f.1", "[::1]:4000", "api.localhost"])(
  "http to the loopback host %s is allowed",
  (host) => {
    expect(readSettings({ baseUrl: `http://${host}` }, {}).baseUrl).toContain("http://");
  },
);

test.each([
  ...["api.supermemory.ai", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "notlocalhost"],
  ...["localhost.", "0.0.0.0", "[::2]", "[::ffff:7f00:1]"],
])("http to %s is refused unless allowInsecureHttp is set", (host) => {
  const baseUrl = `http://${host}`;
  const message = failure(() => readSettings({ baseUrl }, {}));
  expect(message).toContain(`supermemory:baseUrl is ${baseUrl}/, which would send the key unencrypted`);
  expect(message).toContain("supermemory:allowInsecureHttp");
  expect(failure(() => readSettings({}, { SUPERMEMORY_BASE_URL: baseUrl }))).toContain("SUPERMEMORY_BASE_URL is");
  expect(readSettings({ baseUrl, allowInsecureHttp: "true" }, {}).baseUrl).toBe(baseUrl);
});

test.each([
  "https://me:hunter2@host.example",
  "http://me:hunter2@127.0.0.1",
  "ftp://me:hunter2@host.example",
  "me:hunter2@host.example",
  "https:me:hunter2@host.example",
  "https://me:hun/hunter2@host.example",
  "https://me:@hunter2@host.example:port",
  "https://host.example/?token=hunter2",
  "ftp://host.example/?token=hunter2",
  "https://host.example/#hunter2",
])("a password in the address is never shown: %s", (baseUrl) => {
  expect(failure(() => readSettings({ baseUrl }, {}))).not.toContain("hunter2");
});

test.each([
  "https://api.supermemory.ai@evil.example",
  "http://localhost@evil.example",
  "http://127.0.0.1:80@evil.example/",
  "https://api.supermemory.ai%2f@evil.example",
  "https://api.example/?",
  "https://api.example/v3#",
  "https://api.example?#",
])("a URL with a user, and so another host than it seems, or with a lone ? or # is refused: %s", (baseUrl) => {
  expect(failure(() => readSettings({ baseUrl }, {}))).toBe(
    "supermemory:baseUrl contains a user, a query or a fragment\nuse only scheme, host, port and path",
  );
});

test.each([
  ["https://api.supermemory.ai/v3", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v3/", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/V4", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v5", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v3/documents", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v3/documents/list", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v4/memories/list", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/v3/container-tags/pr-42", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/ns", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/namespaces", "https://api.supermemory.ai"],
  ["https://api.supermemory.ai/ns/pr-42/list/documents", "https://api.supermemory.ai"],
  ["https://gateway.example:8443/memory/v3", "https://gateway.example:8443/memory"],
  ["http://127.0.0.1:4000/v3", "http://127.0.0.1:4000"],
])("an address with a path of the API is refused, with the right one: %s", (baseUrl, right) => {
  const problem = `${new URL(baseUrl).href}, which contains a path of the API\nset it to ${right}`;
  expect(failure(() => readSettings({ baseUrl }, {}))).toBe(`supermemory:baseUrl is ${problem}`);
  const env = { SUPERMEMORY_BASE_URL: baseUrl };
  expect(failure(() => readSettings({}, env))).toBe(`SUPERMEMORY_BASE_URL is ${problem}`);
});

test.each([
  ...["https://gateway.example/supermemory", "https://gateway.example/v1", "https://gateway.example/v3/supermemory"],
  ...["https://gateway.example/ns/team", "https://v3.example", "https://gateway.example/memory-v3"],
])("another path is one of a gateway: %s", (baseUrl) => {
  expect(readSettings({ baseUrl }, {}).baseUrl).toBe(baseUrl);
});
