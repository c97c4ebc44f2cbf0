import { configNames } from "../../../provider/config/names";
import { Provider, type ProviderArgs } from "../../../provider/explicit-provider/resource";
import { runProgram } from "../support/host-program";

const all: Required<ProviderArgs> = {
  apiKey: "key",
  baseUrl: "https://example.com",
  apiVersion: "v3",
  protectedTags: ["a", "b"],
  allowedTags: [],
  concurrency: 2,
  receipts: "github",
  allowInsecureHttp: false,
};

describe("an explicit provider", () => {
  test("has its name and all of its arguments as text, the key as a secret", async () => {
    const { registered } = await runProgram(() => new Provider("other-org", all));
    expect(registered).toMatchObject([{ type: "pulumi:providers:pulumi-nodejs", name: "other-org" }]);
    expect(registered[0]?.inputs).toEqual({
      "supermemory:instance": "other-org",
      "supermemory:apiKey": { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "key" },
      "supermemory:baseUrl": "https://example.com",
      "supermemory:apiVersion": "v3",
      "supermemory:protectedTags": '["a","b"]',
      "supermemory:allowedTags": "[]",
      "supermemory:concurrency": "2",
      "supermemory:receipts": "github",
      "supermemory:allowInsecureHttp": "false",
    });
  });

  test("takes every setting that the configuration has", () => {
    expect([...Object.keys(all), "instance"].sort()).toEqual([...configNames].sort());
  });

  test("refuses to do without arguments, which JavaScript lets pass", () => {
    expect(() => {
      Reflect.construct(Provider, ["other-org"]);
    }).toThrow("the provider other-org has no arguments");
  });

  test("refuses an argument that it does not know, since a guardrail may have been meant", () => {
    const misspelt = { apiKey: "key", allowedTag: ["pr-*"] };
    expect(() => new Provider("other-org", misspelt)).toThrow(
      /^the provider other-org has an unknown argument "allowedTag"; the arguments are apiKey, baseUrl, .*allowedTags/,
    );
  });
});
