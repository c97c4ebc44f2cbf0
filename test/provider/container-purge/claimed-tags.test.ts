import { openProvider } from "../support/host-calls";
import { mutations, startEmulator } from "../support/host-emulator";
import { urnOfMemory } from "../support/host-stack";

const other = urnOfMemory.replace("::memory", "::memory2");
const another = "another resource in this program manages it";
const third = urnOfMemory.replace("::memory", "::memory3");
const tags = { containerTags: ["pr-42"], purgeOn: ["delete"], __provider: "text" };

describe("a tag that a live resource claims", () => {
  test.each([
    ["a rename without an alias", other, `${another} (shop::ContainerPurge::memory2)`],
    ["a forced replacement, where both have one URN", urnOfMemory, "this resource still manages it"],
  ])("survives %s, with a warning that names who manages it", async (_what, urn, why) => {
    const { emulator, outputs, provider } = await deployed();
    const { failures, inputs } = await provider.check({}, { ...tags, __urn: urn });
    await provider.create(inputs);
    await provider.delete("id", outputs);
    expect([failures, provider.lines]).toEqual([[], [`warning: kept the documents in pr-42: ${why}`]]);
    expect([mutations(emulator), emulator.containers()]).toMatchObject([[], { "pr-42": 5 }]);
  });

  test("survives its removal from another resource, and is not left pending", async () => {
    const { emulator, outputs, provider } = await deployed();
    await provider.check({}, { ...tags, __urn: other });
    const { inputs } = await provider.check({}, { ...tags, containerTags: ["pr-43"], __urn: urnOfMemory });
    const updated = await provider.update("id", outputs, inputs);
    expect(provider.lines).toEqual([expect.stringMatching(/^warning: kept the documents in pr-42: /)]);
    expect([updated["pending"], mutations(emulator)]).toEqual([[], []]);
  });

  test.each([
    ["http://127.0.0.1:9", ["DELETE pr-42"]],
    [undefined, []],
  ])("is protected whatever the key of its claim, and not at the address %s", async (baseUrl, deletes) => {
    const { emulator, outputs, provider } = await deployed();
    const claim = { urn: other, containerTags: ["pr-42"], baseUrl: baseUrl ?? emulator.url, keyId: "00000000" };
    provider.host.claims.add(claim);
    await provider.delete("id", outputs);
    expect(mutations(emulator)).toEqual(deletes);
  });

  test("can be claimed by a second resource with another key, not with the same", async () => {
    const { emulator, provider } = await deployed();
    provider.host.claims.add({ urn: other, containerTags: ["pr-42"], baseUrl: emulator.url, keyId: "00000000" });
    expect((await provider.check({}, { ...tags, __urn: urnOfMemory })).failures).toEqual([]);
    const { failures } = await provider.check({}, { ...tags, containerTags: ["a", "pr-42"], __urn: third });
    const reason = "two resources manage pr-42: this one and shop::ContainerPurge::memory\nremove it from one of them";
    expect(failures).toEqual([{ property: "containerTags", reason }]);
  });

  test("that is not known yet claims nothing", async () => {
    const { provider } = await deployed();
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    for (const urn of [other, urnOfMemory]) {
      const { failures } = await provider.check({}, { ...tags, containerTags: [unknown], __urn: urn });
      expect(failures).toEqual([]);
    }
  });
});

/** A resource in the state, and the provider process of the next command. */
async function deployed() {
  const emulator = await startEmulator({ "pr-42": 5 });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const before = openProvider({ env });
  const { inputs } = await before.check({}, { ...tags, __urn: urnOfMemory });
  const { outputs } = await before.create(inputs);
  return { emulator, outputs, provider: openProvider({ env }) };
}
