import { readOverrides, readSettings } from "../../../provider/config/settings";

test.each<[string, readonly string[]]>([
  ['["prod-a","prod-b"]', ["prod-a", "prod-b"]],
  ["prod-a,prod-b", ["prod-a", "prod-b"]],
  [" prod-a , ,prod-b, ", ["prod-a", "prod-b"]],
  ["prod-a", ["prod-a"]],
  ["[]", []],
])("the list %s is read", (protectedTags, expected) => {
  expect(readSettings({ protectedTags }, {}).protectedTags).toEqual(expected);
  expect(readSettings({ allowedTags: protectedTags }, {}).allowedTags).toEqual(expected);
});

test.each(['["a",1]', '["a"', '{"a":1}', '"a"', "[[]]"])("the list %s is an error, never an empty list", (value) => {
  for (const name of ["protectedTags", "allowedTags"] as const) {
    expect(() => readSettings({ [name]: value }, {})).toThrow(
      `supermemory:${name} is not a list of strings\nwrite ["a","b"] or a,b`,
    );
  }
});

test("a list that is not text is read", () => {
  expect(readSettings({ protectedTags: ["a", "b"], allowedTags: [] }, {})).toMatchObject({
    protectedTags: ["a", "b"],
    allowedTags: [],
  });
});

test("protected tags of the environment are added to those of the configuration", () => {
  const env = { SUPERMEMORY_PROTECTED_TAGS: "c" };
  expect(readSettings({ protectedTags: "a,b" }, env).protectedTags).toEqual(["a", "b", "c"]);
});

test("a glob among the protected tags is an error, because it would protect nothing", () => {
  expect(() => readSettings({ protectedTags: "customer-*" }, {})).toThrow(
    'supermemory:protectedTags contains "customer-*", which is not a valid container tag',
  );
  expect(() => readSettings({}, { SUPERMEMORY_PROTECTED_TAGS: "a b" })).toThrow("SUPERMEMORY_PROTECTED_TAGS contains");
});

test("empty allowedTags allow nothing", () => {
  expect(readSettings({}, {}).allowedTags).toBeUndefined();
  expect(readSettings({ allowedTags: "" }, {}).allowedTags).toEqual([]);
  expect(readSettings({ allowedTags: " , " }, {}).allowedTags).toEqual([]);
});

test.each(["0", "65", "-1", "1.5", "many", "0x8", "1e1"])("the concurrency %s is an error", (concurrency) => {
  expect(() => readSettings({ concurrency }, {})).toThrow(
    `supermemory:concurrency has an invalid value: "${concurrency}"\nset it to a whole number, from 1 to 64`,
  );
});

test("a concurrency from 1 to 64 is valid", () => {
  expect(["1", "64"].map((concurrency) => readSettings({ concurrency }, {}).concurrency)).toEqual([1, 64]);
});

test("allowInsecureHttp is true or false and nothing else", () => {
  expect(readSettings({ allowInsecureHttp: true }, {}).baseUrl).toBe("https://api.supermemory.ai");
  expect(() => readSettings({ allowInsecureHttp: "yes" }, {})).toThrow(
    'supermemory:allowInsecureHttp has an invalid value: "yes"\nset it to true or false',
  );
});

test("without variables nothing changes", () => {
  expect(readOverrides({})).toEqual({ skip: false, maxDeletions: undefined, acceptBaseUrl: undefined });
  expect(readOverrides({ SUPERMEMORY_PURGE: " ", SUPERMEMORY_PURGE_MAX_DELETIONS: "" }).skip).toBe(false);
});

test("SUPERMEMORY_PURGE is skip and nothing else", () => {
  expect(readOverrides({ SUPERMEMORY_PURGE: "skip" }).skip).toBe(true);
  for (const value of ["Skip", "no", "true", "0", "skip it"]) {
    expect(() => readOverrides({ SUPERMEMORY_PURGE: value })).toThrow(
      `SUPERMEMORY_PURGE has an invalid value: "${value}"\nset it to "skip", or unset it`,
    );
  }
});

test("SUPERMEMORY_PURGE_MAX_DELETIONS is a whole number", () => {
  expect(readOverrides({ SUPERMEMORY_PURGE_MAX_DELETIONS: "25000" }).maxDeletions).toBe(25_000);
  expect(readOverrides({ SUPERMEMORY_PURGE_MAX_DELETIONS: "0" }).maxDeletions).toBe(0);
  for (const value of ["-1", "1,000", "all", "1.5", "Infinity"]) {
    expect(() => readOverrides({ SUPERMEMORY_PURGE_MAX_DELETIONS: value })).toThrow(
      `SUPERMEMORY_PURGE_MAX_DELETIONS has an invalid value: "${value}"\nset it to a whole number, 0 or more`,
    );
  }
});

test("SUPERMEMORY_ACCEPT_BASE_URL is read as an origin", () => {
  const accepted = readOverrides({ SUPERMEMORY_ACCEPT_BASE_URL: "https://new.example:443/api/" }).acceptBaseUrl;
  expect(accepted).toBe("https://new.example");
  expect(() => readOverrides({ SUPERMEMORY_ACCEPT_BASE_URL: "yes" })).toThrow(
    'SUPERMEMORY_ACCEPT_BASE_URL has an invalid value: "yes"',
  );
});
