import type { Fault } from "../../../emulator/index";
import { deployed, OneResourceStack } from "../support/host-stack";

const args = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const [march, april, reader] = ["key-of-march-1234", "key-of-april-5678", "key-of-a-reader-9"];
const apiKeys = [
  { key: april },
  { key: reader, canDelete: false },
  { key: "scoped-to-pr-43", containerTags: ["pr-43"] },
];

const instances = [
  {
    instance: "the default instance",
    variable: "SUPERMEMORY_PURGE_API_KEY",
    store: "run: pulumi config set --secret supermemory:apiKey",
    config: {},
  },
  {
    instance: "an explicit provider",
    variable: "SUPERMEMORY_PURGE_API_KEY_OTHER_ORG",
    store: "set the apiKey of the provider other-org in the program",
    config: { "supermemory:instance": "other-org" },
  },
] as const;

describe.each(instances)("a destroy with the key of $instance", ({ config, store, variable }) => {
  test.each<[string, string | undefined, RegExp]>([
    ["that is missing", undefined, /no API key.*; nothing was deleted\nfor this/],
    ["in quotes", `"${april}"`, /the API key \(.+\) is in quotes; nothing was deleted\nfor this/],
    [
      "that the API does not know",
      march,
      /the API rejected the key \(401\): .*; nothing was deleted\ncheck .*\nfor this/,
    ],
    ["that may not list", "scoped-to-pr-43", /may not list documents \(403\).*; nothing was deleted\nuse .*\nfor this/],
    ["that may not delete", reader, /then the key may not delete documents \(403\).*; 4 remain\nuse .*\nfor this/],
  ])("%s shows what helps, and the variable does", async (_what, apiKey, first) => {
    const key = apiKey === undefined ? {} : { "supermemory:apiKey": apiKey };
    const { emulator, stack } = await destroying({ ...config, ...key });
    const { error = "" } = await stack.destroy({ SUPERMEMORY_API_KEY: undefined });
    expect(error).toMatch(first);
    expect(error).toContain(
      [
        `\nfor this command only, set ${variable}=<key>`,
        `or ${store}, then run the same command again; pulumi destroy needs --run-program to use that key`,
        "to keep all documents, set SUPERMEMORY_PURGE=skip for this command",
      ].join("\n"),
    );
    expect(error).not.toMatch(/key-of-|scoped-to/);
    expect(emulator.containers()["pr-42"]).toBe(4);
    const { error: none } = await stack.destroy({ SUPERMEMORY_API_KEY: undefined, [variable]: april });
    expect([none, stack.stored, emulator.containers()["pr-42"]]).toEqual([undefined, undefined, 0]);
  });
});

test("the hint to run the same command again stays the last one", async () => {
  const { stack } = await destroying({ "supermemory:apiKey": reader });
  const { error = "" } = await stack.destroy();
  expect(error).toMatch(/\nrun the same command again to resume$/);
});

test.each([401, 403])("the page of a firewall (%i) is no matter of the key", async (status) => {
  const { emulator, stack } = await destroying({ "supermemory:apiKey": april });
  const then: Fault = { kind: "refusal", status, as: "html", when: "beforeEffect" };
  emulator.addFault({ times: Infinity, then });
  const { error = "" } = await stack.destroy();
  expect(error).toContain(`a firewall or proxy answered with an HTML page (${status}); nothing was deleted`);
  expect(error).not.toContain("key");
});

test("a setting of the configuration that is not valid shows --run-program", async () => {
  const { stack } = await destroying({ "supermemory:apiKey": april, "supermemory:baseUrl": "https://api.example/v3" });
  const { error = "" } = await stack.destroy();
  expect(error.split("\n").slice(1)).toEqual([
    "set it to https://api.example",
    "pulumi destroy uses a changed configuration only with --run-program",
    "to keep all documents, set SUPERMEMORY_PURGE=skip for this command",
  ]);
});

/** A stack that was deployed with a key that is valid, and is destroyed with this configuration. */
async function destroying(config: Readonly<Record<string, string>>) {
  const { emulator, stack: before } = await deployed({ "pr-42": 4 }, args, { apiKeys });
  const stack = new OneResourceStack(emulator, { config });
  stack.stored = before.stored;
  return { emulator, stack };
}
