import { cleanupPolicyMethods, containerPurgeMethods, openProvider } from "../support/host-calls";
import { respond, startHostile } from "../support/hostile";

const key = "sm_4f1d2c3b5a6978_Secret";
const bytes = Buffer.from(key);
const forms: Readonly<Record<string, string>> = {
  plain: `pr-${key}`,
  "in upper case": key.toUpperCase(),
  percent: bytes.toString("hex").replace(/../g, "%$&"),
  base64: bytes.toString("base64"),
  "base64 inside other text": Buffer.from(`key:${key}:1`).toString("base64url"),
  hexadecimal: `pr-${bytes.toString("hex")}`,
};

describe.each(Object.entries(forms))("the key in the form %s", (_form, tag) => {
  test.each([
    ["containerTags", containerPurgeMethods, { containerTags: ["pr-42", tag] }],
    ["allowProtectedTags", containerPurgeMethods, { containerTags: ["pr-42"], allowProtectedTags: [tag] }],
    ["match", cleanupPolicyMethods, { match: [`${tag}*`] }],
    ["except", cleanupPolicyMethods, { match: ["pr-*"], except: [tag] }],
  ])("is refused in %s, and not shown", async (property, methods, args) => {
    for (const options of [{ env: { SUPERMEMORY_API_KEY: key } }, { config: { "supermemory:apiKey": key } }]) {
      const { check, lines } = openProvider({ methods, ...options });
      const { failures } = await check(
        {},
        { ...args, __urn: "urn:pulumi:dev::shop::a:b:C::memory", __provider: "text" },
      );
      const reason = `${property} contains the API key or a custom header; nothing was deleted\ncheck which value the program uses, and replace the key if it was stored`;
      expect([failures, lines]).toEqual([[{ property: "", reason }], []]);
    }
  });

  test("is refused as the name of a container", async () => {
    const row = { containerTag: tag, documentCount: 1, memoryCount: 0 };
    const { api, context } = await startHostile(
      (_request, response) => {
        respond(response, [row]);
      },
      { apiKey: key },
    );
    await expect(api.listContainers(context)).rejects.toThrow(
      "the API returned the key or a custom header as an id or a tag",
    );
  });
});

test("the value of a custom header is refused like the key", async () => {
  const env = { SUPERMEMORY_API_KEY: key, SUPERMEMORY_CUSTOM_HEADERS: "x-gateway: Basic gw-0123456789-secret" };
  const { check, lines } = openProvider({ env });
  const { failures } = await check({}, { containerTags: ["pr-gw-0123456789-secret"], __provider: "text" });
  expect(failures).toMatchObject([{ property: "" }]);
  expect(JSON.stringify([failures, lines])).not.toContain("gw-0123456789");
});

test("a short key may be part of a tag", async () => {
  const { check } = openProvider({ env: { SUPERMEMORY_API_KEY: "pr" } });
  expect((await check({}, { containerTags: ["pr-42"], __provider: "text" })).failures).toEqual([]);
});
