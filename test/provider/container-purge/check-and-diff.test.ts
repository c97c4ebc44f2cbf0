import { openProvider, type ProviderCalls } from "../support/host-calls";
import { deployed, type OneResourceStack, urnOfMemory } from "../support/host-stack";
import { containing } from "../support/host-matchers";
import { mutations } from "../support/host-emulator";
import { inputsOf } from "../support/host-states";

const news = { containerTags: ["pr-42"], __provider: "text", __urn: urnOfMemory };
const noMatch = '"b" does not match allowedTags';
const both = { containerTags: ["pr-42", "b"] };

describe("check", () => {
  test("removes only __preview from the inputs", async () => {
    const { inputs } = await offline().check({}, { ...news, triggers: { a: 1 }, purgeOn: [], __preview: true });
    const completed = inputsOf(["pr-42"], { triggers: { a: 1 }, purgeOn: [] });
    expect(inputs).toEqual({ ...completed, __provider: "text", __urn: urnOfMemory, __known: true });
  });

  test("reports invalid arguments and claims no tag for them", async () => {
    const provider = offline();
    const { failures } = await provider.check({}, { ...news, containerTags: ["pr-42", "*"], maxDeletions: -1 });
    expect(failures.map(({ property }) => property)).toEqual(["containerTags", "maxDeletions"]);
    expect(provider.host.claims.claimedBy("pr-42", "https://api.supermemory.ai")).toBeUndefined();
  });

  test.each([
    ["protectedTags", "b", '"b" is protected because supermemory:protectedTags contains it'],
    ["allowedTags", "[]", '"pr-42" does not match allowedTags, which is empty'],
    [
      "allowedTags",
      "pr-*,test-?",
      `${noMatch} (pr-* and test-?); nothing was deleted\nadd a glob that matches it to allowedTags`,
    ],
  ])("refuses what %s = %s forbids, unless nothing is purged", async (name, value, reason) => {
    const provider = openProvider({ config: { [`supermemory:${name}`]: value } });
    const { failures } = await provider.check({}, { ...news, ...both });
    expect(failures).toEqual([{ property: "containerTags", reason: containing(reason) }]);
    expect((await provider.check({}, { ...news, ...both, purgeOn: [] })).failures).toEqual([]);
  });

  test("refuses sharedDocuments where v5 is pinned, unless nothing is purged", async () => {
    const provider = openProvider({ config: { "supermemory:apiVersion": "v5" } });
    const keeps = { ...news, sharedDocuments: "keep" };
    const reason = containing('sharedDocuments: "keep" is not supported on API v5');
    expect((await provider.check({}, keeps)).failures).toEqual([{ property: "sharedDocuments", reason }]);
    expect((await provider.check({}, { ...keeps, purgeOn: [] })).failures).toEqual([]);
  });

  const unlisted =
    "allowProtectedTags contains eu-prod and live, which are not in containerTags. They only apply to documents that also carry them";
  const holed = ["pr-undefined", "null:cache", "pr_NaN", "undefined-behaviour"];
  const putIn = [
    ...["pr--object-Object-", "pr-objectObject", "pr-_object_Promise_"],
    ...["pr-Calling--toString--on-an--Output-T---is-not-supported", "pr-calling-tojson-on-an-output"],
  ];
  const inString = [
    'the tags "pr--object-Object-", "pr-objectObject", "pr-_object_Promise_" and 2 more look like an Output or an object in a string',
    "use pulumi.interpolate for an Output, or the value of the object",
  ].join("\n");
  const unset = 'the tags "pr-undefined", "null:cache", "pr_NaN" and 1 more look like unset variables';

  test.each([
    ["a permission that no tag needs", { allowProtectedTags: ["eu-prod", "live"] }, [`warning: ${unlisted}`]],
    ["no permission of a tag", { containerTags: ["eu-prod", "live"], allowProtectedTags: ["eu-prod", "live"] }, []],
    ["values that are not there", { containerTags: holed }, [`warning: ${unset}`]],
    ["an Output or an object", { containerTags: putIn }, [`warning: ${inString}`]],
    ["no tag with such a word", { containerTags: ["my-object", "objective-map", "calling"] }, []],
    ["no tag that merely begins so", { containerTags: ["pr-undefinedness", "nullable"] }, []],
  ])("warns of %s, and lets it pass", async (_what, args, lines) => {
    const provider = offline();
    expect((await provider.check({}, { ...news, ...args })).failures).toEqual([]);
    expect(provider.lines).toEqual(lines);
  });
});

describe("diff", () => {
  test("sees no change when nothing changed, and sends only the request that checks the key", async () => {
    const { emulator, requests, stack } = await deployed({ "pr-42": 1 }, both);
    expect((await stack.up(both)).changes).toBe(false);
    expect(emulator.requests.length).toBe(requests + 1);
  });

  test.each<[boolean, string, unknown]>([
    [false, "__provider", "another text"],
    [false, "containerTags", ["b", "pr-42"]],
    [true, "containerTags", ["b"]],
    [true, "purgeOn", ["create"]],
    [true, "triggers", 1],
    [true, "maxDeletions", 3],
    [true, "allowProtectedTags", ["prod"]],
    [true, "verify", false],
    [true, "timeout", "9m"],
    [true, "timeout", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
  ])("returns %s for a change of %s to %j", async (changes, name, value) => {
    const { stack } = await deployed({ "pr-42": 1 }, both);
    expect(await diff(stack, { [name]: value })).toBe(changes);
  });

  test("sees a changed __urn, which updates the state and purges nothing", async () => {
    const { before, emulator, requests, stack } = await deployed({ "pr-42": 1 }, both);
    const moved = { ...stack.stored?.inputs, __urn: "urn:pulumi:dev::shop::my:Group$x:y:ContainerPurge::memory" };
    expect(await diff(stack, moved)).toBe(true);
    expect(await offline().update("id", before, moved)).toEqual({ ...before, __urn: moved.__urn });
    expect(emulator.requests.length).toBe(requests);
  });
});

test("a removal that purges nothing needs neither a key nor a valid configuration", async () => {
  const { emulator, stack } = await deployed({ "pr-42": 1 }, both);
  await stack.up({ containerTags: ["pr-42"], purgeOn: [] });
  const requests = mutations(emulator).length;
  const env = { SUPERMEMORY_API_KEY: undefined, SUPERMEMORY_BASE_URL: "nonsense", SUPERMEMORY_PURGE: "nonsense" };
  const { error, lines } = await stack.destroy(env);
  expect([error, lines, mutations(emulator).length]).toEqual([undefined, [], requests]);
});

async function diff(stack: OneResourceStack, changed: Readonly<Record<string, unknown>>): Promise<boolean> {
  return await offline().diff("id", stack.outputs, { ...stack.stored?.inputs, ...changed });
}

function offline(): ProviderCalls {
  return openProvider({});
}
