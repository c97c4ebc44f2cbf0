import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../../../provider/errors";
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

  test("is refused if another instance has the same variable for its key, in each run of a program", async () => {
    const reason =
      "the providers acme-eu and acme_eu share the variable SUPERMEMORY_PURGE_API_KEY_ACME_EU, so both would use its key\ngive one of them another name";
    expect(await problemOf(["acme-eu", "acme_eu"])).toBe(reason);
    expect(await problemOf(["acme-eu", "acme.eu"])).toBe(reason.replace("acme_eu", "acme.eu"));
    expect(await problemOf(["Org", "org"])).toContain("the providers Org and org share the variable");
    expect(await problemOf(["acme-eu", "other-org"])).toBeUndefined();
    expect(await problemOf(["acme_eu", "other-org"])).toBeUndefined();
  });

  test("is refused beside one of the same name under another parent, not in the next unit test", async () => {
    expect(await problemOf(["org", "org"])).toContain("the providers org and org share the variable");
    await runProgram(() => new Provider("org", all));
    await runProgram(() => new Provider("org", all));
    expect(() => new Provider("ORG", all)).toThrow("the providers org and ORG share the variable");
  });

  test("refuses an argument that it does not know, since a guardrail may have been meant", () => {
    const misspelt = { apiKey: "key", allowedTag: ["pr-*"] };
    expect(() => new Provider("other-org", misspelt)).toThrow(
      /^the provider other-org has an unknown argument "allowedTag"; the arguments are apiKey, baseUrl, .*allowedTags/,
    );
  });
});

/** Why a program with providers of these names is refused. */
async function problemOf(names: readonly string[]): Promise<string | undefined> {
  let problem: string | undefined;
  const { result } = await runProgram(async () => {
    await pulumi.runtime.runInPulumiStack(() => {
      try {
        for (const [index, name] of names.entries()) {
          const parent = new pulumi.ComponentResource("test:index:Parent", `parent-${index}`);
          new Provider(name, all, { parent });
        }
      } catch (error) {
        problem = messageOf(error);
      }
      return Promise.resolve();
    });
  });
  await result;
  return problem;
}
