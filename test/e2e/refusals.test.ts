import { bothApis, v3 } from "./support/apis";
import { direct, expectFailed, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const limited = { containerTags: ["pr-42"], maxDeletions: 3 };

/** One row for each kind of refusal: bad arguments, a guardrail on tags, a guardrail on the plan. */
const refusals = [
  [
    "an unknown argument",
    [v3],
    { containerTags: ["pr-42"], maxDeletion: 3 },
    /unknown argument "maxDeletion".* "maxDeletions"/,
  ],
  ["a protected tag", [v3], { containerTags: ["eu-prod"] }, /"eu-prod".*segment "prod".*; nothing was deleted/],
  ["a plan beyond maxDeletions", bothApis, limited, /delete 4 documents in pr-42\b.*\b3\b.*; nothing was deleted/],
] as const;

for (const [cause, apis, args, message] of refusals) {
  describeScenarios(`A purge with ${cause}`, apis, ({ open, scenario }) => {
    scenario("is refused in the preview: nothing is deleted, and the resource is not in the state", async () => {
      const written = { "pr-42": 4, "eu-prod": 2 };
      const { requests, resource, stack } = await open({ program: purgeProgram(args), written });

      const run = expectFailed(await stack.up());

      expect(run.output).toMatch(message);
      expect(requests().filter(({ mutating }) => mutating)).toEqual([]);
      await expect(resource()).rejects.toThrow("no resource");
    });
  });
}

describeScenarios("A purge that is refused later", bothApis, ({ onBoth, open, scenario }) => {
  onBoth("for its limit at destroy names the variable that lets one destroy pass", async () => {
    const writtenAfterUp = { "pr-42": 4 };
    const { count, deletes, destroy, stack } = await open({ program: purgeProgram(limited), writtenAfterUp });

    const refused = expectFailed(await stack.destroy());

    expect(refused.output).toContain("SUPERMEMORY_PURGE_MAX_DELETIONS=4");
    expect(deletes()).toEqual([]);
    await destroy({ env: { SUPERMEMORY_PURGE_MAX_DELETIONS: "4" } });
    expect(count("pr-42")).toBe(0);
  });

  scenario("for another API address is accepted with the variable that the message names", async () => {
    const program = purgeProgram({ containerTags: ["pr-42"] });
    const { count, deletes, destroy, emulator, stack } = await open({ program, writtenAfterUp: { "pr-42": 4 } });
    const moved = { SUPERMEMORY_BASE_URL: emulator.url.replace("127.0.0.1", "localhost") };
    const accepted = { SUPERMEMORY_ACCEPT_BASE_URL: moved.SUPERMEMORY_BASE_URL };

    const refused = expectFailed(await stack.destroy({ ...direct, env: moved }));

    for (const part of [emulator.url, `SUPERMEMORY_ACCEPT_BASE_URL=${moved.SUPERMEMORY_BASE_URL}`]) {
      expect(refused.output).toContain(part);
    }
    expect(deletes()).toEqual([]);
    await destroy({ env: { ...moved, ...accepted } });
    expect(count("pr-42")).toBe(0);
  });
});
