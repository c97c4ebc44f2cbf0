import { openProvider } from "../support/host-calls";
import { mutations } from "../support/host-emulator";
import { begunPolicy, claimPr1, inProgram } from "../support/host-policy";
import { urnOfMemory } from "../support/host-stack";

const news = inProgram({ match: ["pr-*"], inactiveFor: "14 days" });

test("a tag that a ContainerPurge manages is left out, with that resource's name", async () => {
  const { emulator, provider } = await begunPolicy();
  claimPr1(provider, emulator.url);
  await provider.check({}, { ...news, __preview: true });
  expect(provider.lines[0]).toContain("kept: pr-1 (managed by shop::ContainerPurge::memory)");
  const { inputs } = await provider.check({}, news);
  expect(inputs["plannedTags"]).toEqual(["pr-2"]);
});

describe("a ContainerPurge that is registered after a policy", () => {
  const tooLate =
    "shop::CleanupPolicy::nightly would purge pr-1 before this resource claims it\nmake the policy depend on this resource (dependsOn), or add pr-1 to its except";

  test.each<[string, { readonly claimsFirst?: boolean; readonly except?: string[]; readonly mode?: string }, string[]]>(
    [
      ["stops the preview when the policy would purge its container", {}, [tooLate]],
      ["passes when the policy plans others", { except: ["pr-1"] }, []],
      ["passes when the policy only reports", { mode: "report" }, []],
      ["passes when it was registered before it, too", { claimsFirst: true }, []],
    ],
  )("%s", async (_case, { claimsFirst = false, ...more }, reasons) => {
    const { emulator, provider } = await begunPolicy();
    const purges = openProvider({ host: provider.host });
    const memory = { containerTags: ["pr-1"], purgeOn: ["delete"], __urn: urnOfMemory, __provider: "text" };
    const checkMemory = async () => await purges.check({}, { ...memory, __preview: true });
    if (claimsFirst) await checkMemory();
    await provider.check({}, { ...news, ...more, __preview: true });
    expect((await checkMemory()).failures).toEqual(reasons.map((reason) => ({ property: "containerTags", reason })));
    expect(mutations(emulator)).toEqual([]);
  });
});
