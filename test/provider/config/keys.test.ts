import fc from "fast-check";
import { keyIdOf, requireKey } from "../../../provider/config/keys";
import { configNames } from "../../../provider/config/names";
import { readOverrides, readSettings } from "../../../provider/config/settings";
import { failure, messageOrNone } from "../support/config-errors";

const env = { SUPERMEMORY_PURGE_API_KEY: "for-purge", SUPERMEMORY_API_KEY: "from-env" };
const own = { SUPERMEMORY_PURGE_API_KEY_OTHER_ORG: "rotated", SUPERMEMORY_PURGE_API_KEY_OTHER: "wrong" };

const plain = { SUPERMEMORY_API_KEY: "from-env" };

test.each([
  ["SUPERMEMORY_PURGE_API_KEY counts first", { apiKey: "from-config" }, env, "for-purge"],
  ["the key of the configuration counts before SUPERMEMORY_API_KEY", { apiKey: "from-config" }, plain, "from-config"],
  ["SUPERMEMORY_API_KEY counts last", {}, plain, "from-env"],
  ["a blank key does not count", { apiKey: "  " }, { ...env, SUPERMEMORY_PURGE_API_KEY: "" }, "from-env"],
  ["an explicit provider uses its own key", { instance: "other-org", apiKey: "own" }, env, "own"],
  [
    "only the variable with its name overrides it",
    { instance: "other-org", apiKey: "own" },
    { ...env, ...own },
    "rotated",
  ],
  ["an explicit provider never falls back to another key", { instance: "other-org" }, env, undefined],
])("%s", (_rule, config, variables, apiKey) => {
  expect(readSettings(config, variables).apiKey).toBe(apiKey);
});

test("a missing key is an error that lists the settings for it", () => {
  expect(failure(() => requireKey(readSettings({}, {})))).toMatch(
    /SUPERMEMORY_PURGE_API_KEY or SUPERMEMORY_API_KEY, .* supermemory:apiKey$/,
  );
  expect(failure(() => requireKey(readSettings({ instance: "other-org" }, env)))).toMatch(
    /the provider other-org has no API key\n.*SUPERMEMORY_PURGE_API_KEY_OTHER_ORG/,
  );
});

test("a line break around a key is removed, and one inside is an error", () => {
  expect(readSettings({ apiKey: "key-of-mine\n" }, {}).apiKey).toBe("key-of-mine");
  for (const apiKey of ["key of-mine", "key\r\nx: y", "schlüssel"]) {
    expect(failure(() => readSettings({ apiKey }, {}))).not.toContain(apiKey);
  }
});

test("the id of a key is the start of its hash", () => {
  expect(keyIdOf("sm_test")).toMatch(/^[0-9a-f]{8}$/);
  expect(keyIdOf("sm_test")).not.toBe(keyIdOf("sm_test2"));
});

test("a value is shown completely or not at all, so that no part of a key is shown", () => {
  const apiKey = `sm_${"0123456789abcdef".repeat(4)}`;
  for (const before of [0, 150, 190, 300]) {
    const message = failure(() => readSettings({ apiKey, apiVersion: `${".".repeat(before)}${apiKey}` }, {}));
    expect(message).not.toContain(apiKey.slice(0, 8));
  }
});

test("a key of any instance in the wrong setting is not shown", () => {
  const misplaced = { SUPERMEMORY_PURGE_API_KEY_OTHER_ORG: "sm_secret_1", SUPERMEMORY_BASE_URL: "sm_secret_1" };
  expect(failure(() => readSettings({ instance: "other-org" }, misplaced))).not.toContain("sm_secret_1");
});

test.each([
  ["in another case", (key: string) => `http://${key.toUpperCase()}.example`],
  ["percent-encoded", (key: string) => `http://h.example/${encodeURIComponent(key)}`],
  ["in base64", (key: string) => `http://h.example/${Buffer.from(key).toString("base64")}`],
])("a key in the address %s is not shown", (_how, put) => {
  const key = "sm-Secret0123456789";
  const config = { apiKey: "sm-Secret/0123456789", baseUrl: put(key) };
  expect(failure(() => readSettings(config, { SUPERMEMORY_API_KEY: key }))).toContain("[redacted]");
});

test("no message contains a key from any setting", () => {
  const variables = [
    ...["SUPERMEMORY_PURGE_API_KEY", "SUPERMEMORY_API_KEY", "SUPERMEMORY_BASE_URL", "SUPERMEMORY_PURGE"],
    ...["SUPERMEMORY_PURGE_MAX_DELETIONS", "SUPERMEMORY_ACCEPT_BASE_URL", "SUPERMEMORY_PROTECTED_TAGS"],
  ];
  const put = fc.constantFrom<(key: string) => string>(
    (key) => key,
    (key) => `https://u:${key}@h.example`,
    (key) => `${key} x`,
    (key) => `["${key}",1]`,
  );
  const inPath = fc.constant((key: string) => `ftp://h/${key}`);
  const given = fc.record({
    key: fc.stringMatching(/^sm_[A-Za-z0-9_]{24,60}$/),
    // A path may have any words, so that only a known key is redacted.
    form: fc.oneof(fc.record({ put }), fc.record({ put: inPath, known: fc.constant(true) })),
    names: fc.subarray([...configNames], { minLength: 1 }),
    set: fc.subarray(variables, { minLength: 1 }),
  });
  fc.assert(
    fc.property(given, ({ form, key, names, set }) => {
      const value = form.put(key);
      const config = Object.fromEntries(names.map((name) => [name, value]));
      const known = "known" in form ? { SUPERMEMORY_API_KEY: key } : {};
      const variablesSet = { ...Object.fromEntries(set.map((name) => [name, value])), ...known };
      for (const read of [() => readSettings(config, variablesSet), () => readOverrides(variablesSet)]) {
        expect(messageOrNone(read)).not.toContain(key);
      }
    }),
    { numRuns: 500 },
  );
});
