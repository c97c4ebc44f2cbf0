import { rmSync } from "node:fs";
import { Claims } from "../../../provider/host/claims";
import { claimsPath } from "../../../provider/host/claims-file";
import { openProvider } from "../support/host-calls";
import { testAddress } from "../support/host-claims";
import { mutations, startEmulator } from "../support/host-emulator";
import { urnOfMemory } from "../support/host-stack";

const other = urnOfMemory.replace("::memory", "::memory2");
const another = "another resource in this program manages it";
const third = urnOfMemory.replace("::memory", "::memory3");
const tags = { containerTags: ["pr-42"], purgeOn: ["delete"], __provider: "text" };

describe("a tag that a live resource claims", () => {
  test.each([
    [
      "a rename without an alias, with a warning",
      other,
      `warning: kept the documents in pr-42: ${another} (shop::ContainerPurge::memory2)`,
    ],
    [
      "a forced replacement, where both have one URN, without a warning",
      urnOfMemory,
      "the replaced resource purges nothing; its successor manages pr-42",
    ],
  ])("survives %s that names who manages it", async (_what, urn, line) => {
    const { emulator, outputs, provider } = await deployed();
    const { failures, inputs } = await provider.check({}, { ...tags, __urn: urn });
    await provider.create(inputs);
    await provider.delete("id", outputs);
    expect([failures, provider.lines]).toEqual([[], [line]]);
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

describe("a tag that moves to a resource that is registered later", () => {
  const tooLate =
    "shop::ContainerPurge::memory would purge pr-42 before this resource claims it\nmake that resource depend on this one (dependsOn), or remove pr-42 from it in a separate up";
  const moved = { ...tags, __urn: urnOfMemory, __preview: true, containerTags: ["pr-43"] };
  const claiming = { ...tags, __urn: other, __preview: true };

  test.each<[string, Readonly<Record<string, string>>, object, readonly string[]]>([
    ["stops the preview", {}, {}, [tooLate]],
    ["passes if nothing will be purged (SUPERMEMORY_PURGE=skip)", { SUPERMEMORY_PURGE: "skip" }, {}, []],
    ["passes if a removed tag is not purged", {}, { purgeOn: ["create"] }, []],
  ])("%s", async (_case, more, args, reasons) => {
    const { env, outputs } = await deployed();
    const provider = openProvider({ env: { ...env, ...more } });
    const { inputs } = await provider.check(outputs, { ...moved, ...args });
    await provider.diff("id", outputs, inputs);
    const { failures } = await provider.check({}, claiming);
    expect(failures.map(({ reason }) => reason)).toEqual(reasons);
  });

  test("passes if it claims the tag first, and then the first resource keeps it", async () => {
    const { outputs, provider } = await deployed();
    await provider.check({}, claiming);
    const { inputs } = await provider.check(outputs, moved);
    await provider.diff("id", outputs, inputs);
    expect((await provider.check({}, claiming)).failures).toEqual([]);
    expect(provider.lines[0]).toContain("warning: kept the documents in pr-42");
  });

  test("passes after the first resource has the tag again", async () => {
    const { outputs, provider } = await deployed();
    const { inputs } = await provider.check(outputs, moved);
    await provider.diff("id", outputs, inputs);
    await provider.check(outputs, { ...moved, containerTags: ["pr-44"] });
    expect((await provider.check({}, claiming)).failures).toEqual([]);
  });
});

test("claims that are lost after the check stop the delete", async () => {
  const { emulator, env, outputs } = await deployed();
  const address = testAddress();
  const provider = openProvider({ env });
  Object.assign(provider.host, { claims: new Claims(claimsPath(address)) });
  await provider.check({}, { ...tags, containerTags: ["pr-43"], __urn: other });
  rmSync(claimsPath(address) ?? "");
  await expect(provider.delete("id", outputs)).rejects.toThrow(
    /^cannot read which containers this program manages .*; nothing was deleted\nrun the same command again\n/,
  );
  expect(mutations(emulator)).toEqual([]);
});

/** A resource in the state, and the provider process of the next command. */
async function deployed() {
  const emulator = await startEmulator({ "pr-42": 5 });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const before = openProvider({ env });
  const { inputs } = await before.check({}, { ...tags, __urn: urnOfMemory });
  const { outputs } = await before.create(inputs);
  return { emulator, env, outputs, provider: openProvider({ env }) };
}
