import { readSettings } from "../../../provider/config/settings";
import { failure } from "../support/config-errors";

const quotes = ["is in quotes", "set it without the quotes"] as const;
const bearer = ['begins with "Bearer"', 'set only the key after "Bearer"'] as const;
const variable = ["begins with the name of a variable", 'set only the key after "="'] as const;
const placeholder = ["is a placeholder", "set it to the key itself"] as const;
const output = ["is the text of a Pulumi Output", "pass the Output itself, or use pulumi.interpolate"] as const;
const invalid = ["contains a space, a line break or another invalid character", "set the key again"] as const;

const wrong: readonly (readonly [string, readonly [problem: string, hint: string]])[] = [
  ...['"sm_a1b2c3d4"', "'sm_a1b2c3d4'", "`sm_a1b2c3d4`", '"sm_a1b2c3d4', "sm_a1b2c3d4'", "\u201csm_a1b2c3d4\u201d"].map(
    (key) => [key, quotes] as const,
  ),
  ['\\"sm_a1b2c3d4\\"', quotes],
  ...["Bearer sm_a1b2c3d4", "bearer sm_a1b2c3d4", "Authorization: Bearer sm_a1b2c3d4"].map(
    (key) => [key, bearer] as const,
  ),
  ...["SUPERMEMORY_API_KEY=sm_a1b2c3d4", 'export SUPERMEMORY_PURGE_API_KEY="sm_a1b2c3d4"'].map(
    (key) => [key, variable] as const,
  ),
  ...["sm_...", "sm_\u2026", "sm_abc...", "<key>", "<your API key>", "[secret]", "{{ key }}", "%KEY%"].map(
    (key) => [key, placeholder] as const,
  ),
  ...["$SUPERMEMORY_API_KEY", "${SUPERMEMORY_API_KEY}", "${{ secrets.KEY }}", "$(cat key)", "sm_xxxxxxxx", "XXX"].map(
    (key) => [key, placeholder] as const,
  ),
  ...["***", "sm_****", "your-api-key", "YOUR_API_KEY_HERE", "sm_your_key", "replace-me", "changeme", "tbd"].map(
    (key) => [key, placeholder] as const,
  ),
  ...["undefined", "null", "insert_key_here"].map((key) => [key, placeholder] as const),
  ["Calling [toString] on an [Output<T>] is not supported.\n\nTo get the value", output],
  ...["sm_a1b2 c3d4", "sm_a1b2\r\nx: y", "schlüssel"].map((key) => [key, invalid] as const),
];

test.each(wrong)("the key %j is refused before a request, with its right form", (key, [problem, hint]) => {
  const config = { apiKey: key };
  const own = { instance: "other-org", apiKey: key };
  const read: readonly (readonly [source: string, () => unknown])[] = [
    ["supermemory:apiKey", () => readSettings(config, {})],
    ["SUPERMEMORY_API_KEY", () => readSettings({}, { SUPERMEMORY_API_KEY: key })],
    ["SUPERMEMORY_PURGE_API_KEY", () => readSettings({}, { SUPERMEMORY_PURGE_API_KEY: key })],
    ["apiKey of the provider other-org", () => readSettings(own, {})],
    ["SUPERMEMORY_PURGE_API_KEY_OTHER_ORG", () => readSettings(own, { SUPERMEMORY_PURGE_API_KEY_OTHER_ORG: key })],
  ];
  for (const [source, settings] of read) expect(failure(settings)).toBe(`the API key (${source}) ${problem}\n${hint}`);
});

test.each([
  ...[
    "sm_a1b2c3d4e5f6",
    "sm_emulator_key",
    "key",
    "secret",
    "key-of-march-1234",
    "my-key",
    "bearer-of-rings",
    "x",
    "xx",
  ],
  ...["a.b.c", "sm_xxxyz", "dXNlcjpwYXNz==", "a$b", "supermemory-local", "sm_replacement", "yourself-hosted", "null1"],
])("the key %j is used", (apiKey) => {
  expect(readSettings({ apiKey }, {}).apiKey).toBe(apiKey);
});

test("a key that is not used may have any form", () => {
  const env = { SUPERMEMORY_PURGE_API_KEY: "sm_a1b2c3d4", SUPERMEMORY_API_KEY: "<key>" };
  expect(readSettings({ apiKey: "sm_..." }, env).apiKey).toBe("sm_a1b2c3d4");
});
