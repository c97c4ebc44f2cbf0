import { everyApi } from "./support/apis";
import { direct, expectFailed, expectOk, messages, purgeProgram } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

const program = purgeProgram({ containerTags: ["pr-42"] });

describeScenarios("The teardown of a stack", everyApi, ({ current, open, scenario }) => {
  scenario("uses SUPERMEMORY_PURGE_API_KEY after the key of the last up was revoked", async () => {
    const config = { "supermemory:apiKey": { secret: "key-of-march-1234" } };
    const emulator = { apiKeys: [{ key: "key-of-april-5678" }] };
    const { count, stack } = await open({
      program: purgeProgram({ containerTags: ["pr-42"], purgeOn: ["delete"] }),
      config,
      emulator,
      written: { "pr-42": 4 },
    });
    expectOk(await stack.up(direct));

    const refused = await stack.destroy(direct);

    expectFailed(refused);
    expect(refused.output).toContain("the API does not know the key (401)");
    expect(count("pr-42")).toBe(4);
    const run = await stack.destroy({ ...direct, env: { SUPERMEMORY_PURGE_API_KEY: "key-of-april-5678" } });
    expectOk(run);
    expect(count("pr-42")).toBe(0);
    for (const text of [refused.output, run.output]) expect(text).not.toMatch(/key-of-(march|april)/);
  });

  scenario("never has the key in plain text in the state or in anything a person sees", async () => {
    const config = { "supermemory:apiKey": { secret: "sm_emulator_key" } };
    const { stack } = await open({ program, config, env: { SUPERMEMORY_API_KEY: "" }, written: { "pr-42": 4 } });

    const run = await stack.up();

    expectOk(run);
    expect(await stack.rawState()).not.toContain("sm_emulator_key");
    expect(run.output).not.toContain("sm_emulator_key");
    expect(JSON.stringify(current().receipts())).not.toContain("sm_emulator_key");
  });

  scenario("skips the purge when SUPERMEMORY_PURGE says so, and says that it did", async () => {
    const { count, deletes, receipts, stack, write } = await open({ v3Ends: "at a list", program });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);

    const run = await stack.destroy({ ...direct, env: { SUPERMEMORY_PURGE: "skip" } });

    expectOk(run);
    expect(messages(run, "warning")).toEqual([
      expect.stringMatching(/^SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42/),
    ]);
    expect(deletes()).toEqual([]);
    expect(count("pr-42")).toBe(4);
    expect(receipts().at(-1)).toMatchObject({
      result: "skipped",
      deletedCount: 0,
      pending: [{ containerTag: "pr-42", event: "delete" }],
    });
  });

  scenario("deletes nothing for another value of SUPERMEMORY_PURGE", async () => {
    const { count, stack, write } = await open({ v3Ends: "at a list", program });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);

    const run = await stack.destroy({ ...direct, env: { SUPERMEMORY_PURGE: "no" } });

    expectFailed(run);
    expect(run.output).toContain('SUPERMEMORY_PURGE is "no"; allowed is "skip", or unset; nothing was deleted');
    expect(count("pr-42")).toBe(4);
  });

  scenario("an up that skips records what the next up then does", async () => {
    const { count, stack } = await open({ program, written: { "pr-42": 4 } });
    expectOk(await stack.up({ ...direct, env: { SUPERMEMORY_PURGE: "skip" } }));
    expect(count("pr-42")).toBe(4);
    expect((await current().resource()).outputs).toMatchObject({
      deletedCount: 0,
      pending: [{ containerTag: "pr-42", event: "create" }],
    });

    expectOk(await stack.up(direct));

    expect(count("pr-42")).toBe(0);
    expect((await current().resource()).outputs).toMatchObject({ deletedCount: 4, pending: [] });
  });

  scenario("with purgeOn: [] needs no key and leaves the data", async () => {
    const { count, mark, project, requests, stack, write } = await open({ v3Ends: "at a list", program });
    expectOk(await stack.up(direct));
    await write("pr-42", 4);
    project.setProgram(purgeProgram({ containerTags: ["pr-42"], purgeOn: [] }));
    expectOk(await stack.up(direct));
    mark();

    const run = await stack.destroy({ ...direct, env: { SUPERMEMORY_API_KEY: "", SUPERMEMORY_BASE_URL: "" } });

    expectOk(run);
    expect(requests()).toEqual([]);
    expect(count("pr-42")).toBe(4);
  });

  scenario("of one stack leaves the other one's container alone", async () => {
    const perStack = `const pulumi = require("@pulumi/pulumi");
const { ContainerPurge } = require("pulumi-supermemory");
new ContainerPurge("memory", { containerTags: [pulumi.getStack()] });`;
    const { count, openStack, stack, write } = await open({ program: perStack, stack: "pr-42" });
    const other = await openStack("pr-43");
    for (const run of await Promise.all([stack.up(direct), other.up(direct)])) expectOk(run);
    await write("pr-42", 4);
    await write("pr-43", 3);

    expectOk(await stack.destroy(direct));

    expect([count("pr-42"), count("pr-43")]).toEqual([0, 3]);
    expectOk(await other.destroy(direct));
    expect(count("pr-43")).toBe(0);
  });
});
