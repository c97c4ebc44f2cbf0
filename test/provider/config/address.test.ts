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
