import { openProvider } from "../support/host-calls";
import { mutations } from "../support/host-emulator";
import { begunPolicy, inProgram, urnOfPolicy } from "../support/host-policy";

const news = inProgram({ match: ["pr-*"], inactiveFor: "14 days" });
const purgeUrn = urnOfPolicy.replace("CleanupPolicy::nightly", "ContainerPurge::memory");

describe("a tag that a ContainerPurge manages", () => {
  test("is left out, with that resource's name", async () => {
    const { emulator, provider } = await begunPolicy();
    claim(provider, emulator.url);
    await provider.check({}, { ...news, __preview: true });
    expect(provider.lines[0]).toContain("kept: pr-1 (managed by shop::ContainerPurge::memory)");
    const { inputs } = await provider.check({}, news);
    expect(inputs["planned"]).toMatchObject([{ containerTag: "pr-2" }]);
  });

  test("is kept also when it was claimed after the plan was made", async () => {
    const { emulator, provider } = await begunPolicy();
    const { inputs } = await provider.check({}, news);
    claim(provider, emulator.url);
    await provider.create(inputs);
    expect(provider.lines[0]).toBe("warning: kept pr-1: managed by shop::ContainerPurge::memory");
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });

  test("is kept also when it is claimed in the middle of the run", async () => {
    const { emulator, provider } = await begunPolicy();
    emulator.addFault({ match: { route: "documents.list", containerTag: "pr-2" }, then: { kind: "slow" } });
    const { inputs } = await provider.check({}, news);
    const created = provider.create(inputs);
    await emulator.whenHeld();
    claim(provider, emulator.url);
    emulator.release();
    await created;
    expect(provider.lines[0]).toBe("warning: kept pr-1: managed by shop::ContainerPurge::memory");
    expect(mutations(emulator)).toEqual(["DELETE pr-2"]);
  });
});

describe("a ContainerPurge that is registered after a policy", () => {
  const memory = { containerTags: ["pr-1"], purgeOn: ["delete"], __urn: purgeUrn, __provider: "text" };
  const tooLate =
    "shop::CleanupPolicy::nightly would purge pr-1 before this resource claims it\nmake the policy depend on this resource (dependsOn), or add pr-1 to its except";

  test("stops the preview when the policy would purge its container", async () => {
    const { emulator, provider } = await begunPolicy();
    const purges = openProvider({ host: provider.host });
    await provider.check({}, { ...news, __preview: true });
    const { failures } = await purges.check({}, { ...memory, __preview: true });
    expect(failures).toEqual([{ property: "containerTags", reason: tooLate }]);
    expect(mutations(emulator)).toEqual([]);
  });

  test.each([
    ["plans others", { except: ["pr-1"] }],
    ["only reports", { mode: "report" }],
    ["is registered after it", {}],
  ])("passes when the policy %s", async (_case, more) => {
    const { provider } = await begunPolicy();
    const purges = openProvider({ host: provider.host });
    if (Object.keys(more).length === 0) await purges.check({}, { ...memory, __preview: true });
    await provider.check({}, { ...news, ...more, __preview: true });
    expect((await purges.check({}, { ...memory, __preview: true })).failures).toEqual([]);
  });
});

function claim({ host }: ReturnType<typeof openProvider>, baseUrl: string): void {
  host.claims.add({ urn: purgeUrn, containerTags: ["pr-1"], baseUrl, keyId: null });
}
