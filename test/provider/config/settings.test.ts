import fc from "fast-check";
import { readOverrides, readSettings } from "../../../provider/config/settings";
import { type Configuration, configNames } from "../../../provider/config/names";
import { type Environment, keyIdOf, requireKey } from "../../../provider/config/keys";
import { failure, messageOrNone } from "../support/config-errors";

test("without settings the defaults apply, and there is no key", () => {
  expect(readSettings({}, {})).toEqual({
    instance: undefined,
    apiKey: undefined,
    baseUrl: "https://api.supermemory.ai",
    apiVersion: "auto",
    protectedTags: [],
    allowedTags: undefined,
    concurrency: 8,
    receipts: undefined,
  });
});

test("the key is SUPERMEMORY_PURGE_API_KEY, then the configuration's, then SUPERMEMORY_API_KEY", () => {
  const config = { apiKey: "from-config" };
  const plain = { SUPERMEMORY_API_KEY: "from-env" };
  const own = { ...plain, SUPERMEMORY_PURGE_API_KEY: "for-purge" };
  expect(readSettings(config, own).apiKey).toBe("for-purge");
  expect(readSettings(config, plain).apiKey).toBe("from-config");
  expect(readSettings({}, plain).apiKey).toBe("from-env");
  expect(readSettings({ apiKey: "  " }, { ...plain, SUPERMEMORY_PURGE_API_KEY: "" }).apiKey).toBe("from-env");
});

test("a missing key is an error that lists the settings for it", () => {
  const message = failure(() => requireKey(readSettings({}, {})));
  for (const name of ["SUPERMEMORY_PURGE_API_KEY", "SUPERMEMORY_API_KEY", "supermemory:apiKey"]) {
    expect(message).toContain(name);
  }
});

test("a line break around a key is removed, and one inside is an error", () => {
  expect(readSettings({ apiKey: "key-of-mine\n" }, {}).apiKey).toBe("key-of-mine");
  for (const apiKey of ["key of-mine", "key\r\nx: y", "schlüssel"]) {
    expect(failure(() => readSettings({ apiKey }, {}))).not.toContain(apiKey);
  }
});

test("a value is shown completely or not at all, so that no part of a key is shown", () => {
  const apiKey = `sm_${"0123456789abcdef".repeat(4)}`;
  for (const before of [0, 150, 190, 300]) {
    const message = failure(() => readSettings({ apiKey, apiVersion: `${".".repeat(before)}${apiKey}` }, {}));
    expect(message).not.toContain(apiKey.slice(0, 8));
  }
});

test.each([
  ["in another case", (key: string) => `http://${key.toUpperCase()}.example`],
  ["percent-encoded", (key: string) => `http://h.example/${encodeURIComponent(key)}`],
  ["in base64", (key: string) => `http://h.example/${Buffer.from(key).toString("base64")}`],
])("a key in the address %s is not shown", (_how, put) => {
  const apiKey = "sm-Secret/0123456789";
  const message = failure(() =>
    readSettings({ apiKey, baseUrl: put(apiKey.replace("/", "")) }, { SUPERMEMORY_API_KEY: apiKey.replace("/", "") }),
  );
  expect(message).toContain("[redacted]");
});

test("the API version is auto, v3 or v5", () => {
  expect(readSettings({ apiVersion: "auto" }, {}).apiVersion).toBe("auto");
  expect(readSettings({ apiVersion: "v5" }, {}).apiVersion).toBe("v5");
  expect(failure(() => readSettings({ apiVersion: "v4" }, {}))).toContain(
    'supermemory:apiVersion has an invalid value: "v4"\nset it to "auto", "v3" or "v5"',
  );
});

test("the environment overrides the receipts file of the configuration", () => {
  expect(readSettings({ receipts: "a" }, {}).receipts).toEqual({ kind: "file", path: "a" });
  const env = { SUPERMEMORY_RECEIPTS: "b" };
  expect(readSettings({ receipts: "github" }, env).receipts).toEqual({ kind: "file", path: "b" });
});

test("the id of a key is the start of its hash", () => {
  expect(keyIdOf("sm_test")).toMatch(/^[0-9a-f]{8}$/);
  expect(keyIdOf("sm_test")).not.toBe(keyIdOf("sm_test2"));
});

test("no message contains a key from any setting", () => {
  const key = fc.stringMatching(/^sm_[A-Za-z0-9_]{24,60}$/);
  const variables = [
    "SUPERMEMORY_PURGE_API_KEY",
    "SUPERMEMORY_API_KEY",
    "SUPERMEMORY_BASE_URL",
    "SUPERMEMORY_PURGE",
    "SUPERMEMORY_PURGE_MAX_DELETIONS",
    "SUPERMEMORY_ACCEPT_BASE_URL",
    "SUPERMEMORY_PROTECTED_TAGS",
  ];
  const value = fc.tuple(key, fc.constantFrom("plain", "user", "spaced", "list", "path")).map(([text, how]) => ({
    text,
    put: {
      plain: text,
      user: `https://u:${text}@h.example`,
      spaced: `${text} x`,
      list: `["${text}",1]`,
      path: `ftp://h/${text}`,
    }[how],
    known: how !== "path",
  }));
  fc.assert(
    fc.property(
      value,
      fc.subarray([...configNames], { minLength: 1 }),
      fc.subarray(variables, { minLength: 1 }),
      ({ known, put, text }, names, set) => {
        const config: Configuration = Object.fromEntries(names.map((name) => [name, put]));
        const env: Environment = Object.fromEntries(set.map((name) => [name, put]));
        const withKey = known ? {} : { SUPERMEMORY_API_KEY: text };
        for (const read of [
          () => readSettings(config, { ...env, ...withKey }),
          () => readOverrides({ ...env, ...withKey }),
        ]) {
          expect(messageOrNone(read)).not.toContain(text);
        }
      },
    ),
    { numRuns: 500 },
  );
});
