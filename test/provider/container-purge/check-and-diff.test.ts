import { openProvider, type ProviderCalls } from "../support/host-calls";
import { OneResourceStack, urnOfMemory } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations, startEmulator } from "../support/host-emulator";
import { inputsOf } from "../support/host-states";

const news = { containerTags: ["pr-42"], __provider: "text", __urn: urnOfMemory };

describe("check", () => {
  test("takes __preview out of the inputs and nothing else", async () => {
    const { inputs } = await offline().check({}, { ...news, triggers: { a: 1 }, purgeOn: [], __preview: true });
    expect(inputs).toEqual({
      ...inputsOf(["pr-42"], { triggers: { a: 1 }, purgeOn: [] }),
      __provider: "text",
      __urn: urnOfMemory,
    });
  });

  test("tells bad arguments and claims nothing for them", async () => {
    const provider = offline();
    const { failures } = await provider.check({}, { ...news, containerTags: ["pr-42", "*"], maxDeletions: -1 });
    expect(failures.map(({ property }) => property)).toEqual(["containerTags", "maxDeletions"]);
    expect(provider.host.claims.claimedBy("pr-42", "https://api.supermemory.ai")).toBeUndefined();
  });

  test.each([
    ["supermemory:protectedTags", "pr-42", '"pr-42" is protected because protectedTags contains it'],
    ["supermemory:allowedTags", "test-*", '"pr-42" does not match allowedTags'],
    ["supermemory:allowedTags", "[]", '"pr-42" does not match allowedTags, which is empty'],
  ])("refuses what %s = %s forbids, unless nothing is purged", async (name, value, reason) => {
    const provider = openProvider({ config: { [name]: value } });
    const { failures } = await provider.check({}, news);
    expect(failures).toEqual([{ property: "containerTags", reason: containing(reason) }]);
    expect((await provider.check({}, { ...news, purgeOn: [] })).failures).toEqual([]);
  });

  test("refuses what SUPERMEMORY_PROTECTED_TAGS adds", async () => {
    const env = { SUPERMEMORY_PROTECTED_TAGS: "pr-42" };
    const { failures } = await openProvider({ env, config: { "supermemory:protectedTags": "other" } }).check({}, news);
    expect(failures).toMatchObject([{ property: "containerTags" }]);
  });
});

describe("diff", () => {
  test("sees no change when nothing changed, nor in __provider alone", async () => {
    const { emulator, stack } = await deployed();
    const requests = emulator.requests.length;
    expect((await stack.up({ containerTags: ["pr-42", "b"] })).changes).toBe(false);
    expect(await diff(stack, { __provider: "another text" })).toBe(false);
    expect(emulator.requests.length).toBe(requests);
  });

  test("compares containerTags as a set", async () => {
    const { stack } = await deployed();
    expect(await diff(stack, { containerTags: ["b", "pr-42"] })).toBe(false);
    expect(await diff(stack, { containerTags: ["b"] })).toBe(true);
  });

  test.each([
    ["purgeOn", ["create"]],
    ["triggers", 1],
    ["maxDeletions", 3],
    ["allowProtectedTags", ["prod"]],
    ["verify", false],
    ["timeout", "9m"],
    ["timeout", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
  ])("sees a changed %s", async (name, value) => {
    const { stack } = await deployed();
    expect(await diff(stack, { [name]: value })).toBe(true);
  });

  test("sees a changed __urn, which updates the state and purges nothing", async () => {
    const { emulator, stack } = await deployed();
    const { outputs, stored } = stack;
    const moved = { ...stored?.inputs, __urn: "urn:pulumi:dev::shop::my:Group$x:y:ContainerPurge::memory" };
    const requests = emulator.requests.length;
    expect(await diff(stack, moved)).toBe(true);
    const after = await offline().update("id", outputs, moved);
    expect(after).toEqual({ ...outputs, __urn: moved.__urn });
    expect(emulator.requests.length).toBe(requests);
  });

  test("says of outputs that it cannot read which field is wrong and what to do", async () => {
    const { stack } = await deployed();
    const broken = { ...stack.outputs, pending: "none" };
    await expect(offline().diff("id", broken, stack.stored?.inputs ?? {})).rejects.toThrow(
      "the stored state of this resource cannot be read (pending)",
    );
  });
});

describe("a purge that nothing asks for", () => {
  test("needs neither a key nor a valid configuration at the end of the resource", async () => {
    const { emulator, stack } = await deployed();
    await stack.up({ containerTags: ["pr-42"], purgeOn: [] });
    const requests = mutations(emulator).length;
    const env = { SUPERMEMORY_API_KEY: undefined, SUPERMEMORY_BASE_URL: "nonsense", SUPERMEMORY_PURGE: "nonsense" };
    const { error, lines } = await stack.destroy(env);
    expect([error, lines, mutations(emulator).length]).toEqual([undefined, [], requests]);
  });
});

async function deployed() {
  const emulator = await startEmulator({ "pr-42": 1 });
  const stack = new OneResourceStack(emulator);
  await stack.up({ containerTags: ["pr-42", "b"] });
  return { emulator, stack };
}

async function diff(stack: OneResourceStack, changed: Readonly<Record<string, unknown>>): Promise<boolean> {
  return await offline().diff("id", stack.outputs, { ...stack.stored?.inputs, ...changed });
}

function offline(): ProviderCalls {
  return openProvider({});
}
