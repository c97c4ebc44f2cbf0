import { readOverrides, readSettings } from "../../../provider/config/settings";
import { failure } from "../support/config-errors";

test("without settings the defaults apply, and there is no key", () => {
  expect(readSettings({}, {})).toEqual({
    instance: undefined,
    apiKey: undefined,
    baseUrl: "https://api.supermemory.ai",
    apiVersion: "auto",
    protectedTags: [],
    protectedTagSources: new Map(),
    allowedTags: undefined,
    concurrency: 8,
    customHeaders: {},
    receipts: undefined,
  });
});

test.each<[string, readonly string[], string]>([
  ["supermemory:concurrency", ["0", "65", "-1", "1.5", "many", "0x8", "1e1"], "a whole number, from 1 to 64"],
  ["supermemory:allowInsecureHttp", ["yes"], "true or false"],
  ["supermemory:apiVersion", ["v4"], '"auto", "v3" or "v5"'],
  [
    "supermemory:baseUrl",
    ["api.supermemory.ai", "ftp://host.example", "https://", "file:///etc/passwd", "http//x"],
    "a URL such as https://api.supermemory.ai",
  ],
  ["SUPERMEMORY_PURGE", ["Skip", "no", "true", "0", "skip it"], '"skip", or unset it'],
  ["SUPERMEMORY_PURGE_MAX_DELETIONS", ["-1", "1,000", "all", "1.5", "Infinity"], "a whole number, 0 or more"],
  ["SUPERMEMORY_ACCEPT_BASE_URL", ["yes"], "a URL such as https://api.supermemory.ai"],
])("%s is an error with the values %j", (setting, values, valid) => {
  const name = setting.replace("supermemory:", "");
  for (const value of values) {
    const read = () => (name === setting ? readOverrides({ [name]: value }) : readSettings({ [name]: value }, {}));
    expect(failure(read)).toBe(`${setting} has an invalid value: "${value}"\nset it to ${valid}`);
  }
});

test("a concurrency from 1 to 64, each API version, and allowInsecureHttp as a boolean are valid", () => {
  expect(["1", "64"].map((concurrency) => readSettings({ concurrency }, {}).concurrency)).toEqual([1, 64]);
  const versions = ["auto", "v3", "v5"];
  expect(versions.map((apiVersion) => readSettings({ apiVersion }, {}).apiVersion)).toEqual(versions);
  expect(readSettings({ allowInsecureHttp: true }, {}).baseUrl).toBe("https://api.supermemory.ai");
});

test.each<[unknown, readonly string[]]>([
  ['["prod-a","prod-b"]', ["prod-a", "prod-b"]],
  [
    ["prod-a", "prod-b"],
    ["prod-a", "prod-b"],
  ],
  [" prod-a , ,prod-b, ", ["prod-a", "prod-b"]],
  ["prod-a", ["prod-a"]],
  ["[]", []],
  ["", []],
  [" , ", []],
])("the list %j is read", (value, expected) => {
  const { allowedTags, protectedTags } = readSettings({ protectedTags: value, allowedTags: value }, {});
  expect([protectedTags, allowedTags]).toEqual([expected, expected]);
});

test.each(['["a",1]', '["a"', '{"a":1}', '"a"', "[[]]"])("the list %s is an error, never an empty list", (value) => {
  for (const name of ["protectedTags", "allowedTags"] as const) {
    const message = failure(() => readSettings({ [name]: value }, {}));
    expect(message).toBe(`supermemory:${name} is not a list of strings\nwrite ["a","b"] or a,b`);
  }
});

test("protected tags are those of the configuration and the environment; a glob would protect none", () => {
  const both = readSettings({ protectedTags: "a,b" }, { SUPERMEMORY_PROTECTED_TAGS: "c" });
  expect(both.protectedTags).toEqual(["a", "b", "c"]);
  expect(failure(() => readSettings({ protectedTags: "customer-*" }, {}))).toContain(
    'supermemory:protectedTags contains "customer-*", which is not a valid container tag',
  );
  const env = { SUPERMEMORY_PROTECTED_TAGS: "a b" };
  expect(failure(() => readSettings({}, env))).toContain("SUPERMEMORY_PROTECTED_TAGS contains");
});

test("SUPERMEMORY_API_VERSION pins the API version for one command, over the configuration", () => {
  for (const pinned of ["auto", "v3", "v5"] as const) {
    const env = { SUPERMEMORY_API_VERSION: ` ${pinned} ` };
    for (const config of [{}, { apiVersion: "v3" }, { apiVersion: "v5" }]) {
      expect(readSettings(config, env).apiVersion).toBe(pinned);
    }
  }
  expect(readSettings({ apiVersion: "v5" }, { SUPERMEMORY_API_VERSION: "" }).apiVersion).toBe("v5");
  const misspelt = { SUPERMEMORY_API_VERSION: "5" };
  for (const read of [() => readSettings({}, misspelt), () => readOverrides(misspelt)]) {
    expect(read).toThrow('SUPERMEMORY_API_VERSION has an invalid value: "5"\nset it to "auto", "v3" or "v5"');
  }
});

test("the environment overrides the receipts file of the configuration", () => {
  expect(readSettings({ receipts: "a" }, {}).receipts).toEqual({ kind: "file", path: "a" });
  const env = { SUPERMEMORY_RECEIPTS: "b" };
  expect(readSettings({ receipts: "github" }, env).receipts).toEqual({ kind: "file", path: "b" });
});

test("the environment overrides skip, maxDeletions and the recorded origin, and nothing if it is blank", () => {
  const none = { skip: false, maxDeletions: undefined, acceptBaseUrl: undefined, acceptV5: false };
  expect(readOverrides({})).toEqual(none);
  expect(readOverrides({ SUPERMEMORY_PURGE: " ", SUPERMEMORY_PURGE_MAX_DELETIONS: "" })).toEqual(none);
  expect(readOverrides({ SUPERMEMORY_PURGE: "skip" })).toEqual({ ...none, skip: true });
  for (const maxDeletions of [25_000, 0]) {
    const env = { SUPERMEMORY_PURGE_MAX_DELETIONS: String(maxDeletions) };
    expect(readOverrides(env)).toEqual({ ...none, maxDeletions });
  }
  expect(readOverrides({ SUPERMEMORY_API_VERSION: "v5" })).toEqual({ ...none, acceptV5: true });
  expect(readOverrides({ SUPERMEMORY_API_VERSION: "v3" })).toEqual(none);
  const accepted = readOverrides({ SUPERMEMORY_ACCEPT_BASE_URL: "https://new.example:443/api/" }).acceptBaseUrl;
  expect(accepted).toBe("https://new.example");
});
