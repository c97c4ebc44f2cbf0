import { everyApi } from "./support/apis";
import { direct, expectFailed, expectOk, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

describeScenarios("A purge that is refused deletes nothing", everyApi, ({ current, open, scenario, onBoth }) => {
  for (const { because, args, says } of [
    {
      because: "more documents than maxDeletions",
      args: { containerTags: ["pr-42"], maxDeletions: 3 },
      says: "refusing to delete 4 documents in pr-42: the limit is 3; nothing was deleted",
    },
    {
      because: "a protected tag",
      args: { containerTags: ["eu-prod"] },
      says: 'refusing to purge "eu-prod": its segment "prod" marks it as protected; nothing was deleted',
    },
    {
      because: "a wildcard",
      args: { containerTags: ["pr-*"] },
      says: '"pr-*" is not a container tag: it holds a wildcard',
    },
    {
      because: "an unknown argument",
      args: { containerTags: ["pr-42"], maxDeletion: 3 },
      says: 'unknown argument "maxDeletion": did you mean "maxDeletions"?',
    },
  ]) {
    scenario(`because of ${because}, already in the preview`, async () => {
      const { requests, stack } = await open({
        v3Ends: "at a list",
        program: purgeProgram(args),
        written: { "pr-42": 4, "eu-prod": 2 },
      });

      const run = await stack.up();

      expectFailed(run);
      expect(run.output).toContain(says);
      expect(requests().some((request) => request.mutating)).toBe(false);
      expect(
        (await stack.export()).deployment.resources.filter((resource) => resource.type.includes("ContainerPurge")),
      ).toEqual([]);
    });
  }

  scenario(
    "because of the limit at destroy, and the variable that the message names lets one destroy pass",
    async () => {
      const { count, deletes, mark, stack, write } = await open({
        program: purgeProgram({ containerTags: ["pr-42"], maxDeletions: 3 }),
      });
      expectOk(await stack.up(direct));
      await write("pr-42", 4);
      mark();

      const refused = await stack.destroy(direct);

      expectFailed(refused);
      expect(refused.output).toContain("SUPERMEMORY_PURGE_MAX_DELETIONS=4");
      expect(deletes()).toEqual([]);
      expect(count("pr-42")).toBe(4);
      expectOk(await stack.destroy({ ...direct, env: { SUPERMEMORY_PURGE_MAX_DELETIONS: "4" } }));
      expect(count("pr-42")).toBe(0);
    },
  );

  onBoth("because of the limit in an update, which the preview of the update tells too", async () => {
    const { deletes, mark, project, stack } = await open({
      v3Ends: "at a list",
      program: purgeProgram({ containerTags: ["pr-42"], maxDeletions: 3 }),
      written: { "pr-43": 4 },
    });
    expectOk(await stack.up(direct));
    mark();
    project.setProgram(purgeProgram({ containerTags: ["pr-42", "pr-43"], maxDeletions: 3 }));

    const preview = await stack.preview();
    const run = await stack.up(direct);

    for (const failed of [preview, run]) {
      expectFailed(failed);
      expect(failed.output).toContain("refusing to delete 4 documents in pr-43: the limit is 3; nothing was deleted");
    }
    expect(deletes()).toEqual([]);
    expect((await current().resource()).outputs).toMatchObject({ containerTags: ["pr-42"], pending: [] });
  });

  scenario("because the address is another one than before, until it is accepted", async () => {
    const { count, deletes, emulator, mark, stack, write } = await open({
      program: purgeProgram({ containerTags: ["pr-42"] }),
    });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    mark();
    const moved = { SUPERMEMORY_BASE_URL: emulator.url.replace("127.0.0.1", "localhost") };

    const refused = await stack.destroy({ ...direct, env: moved });

    expectFailed(refused);
    expect(refused.output).toContain(
      `memory was purged at ${emulator.url} before, now the address is ${moved.SUPERMEMORY_BASE_URL}; nothing was deleted`,
    );
    expect(deletes()).toEqual([]);
    const accepted = { ...moved, SUPERMEMORY_ACCEPT_BASE_URL: moved.SUPERMEMORY_BASE_URL };
    expectOk(await stack.destroy({ ...direct, env: accepted }));
    expect(count("pr-42")).toBe(0);
  });
});
