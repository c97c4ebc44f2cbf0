import { v3 } from "./support/apis";
import { direct, expectFailed, expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** A stack with an EphemeralContainer and whatever `more` makes of it. */
function program(args: Readonly<Record<string, unknown>> = {}, more = "", options = "{}"): string {
  return `const { ContainerPurge, EphemeralContainer, Provider } = require("pulumi-supermemory");
const memory = new EphemeralContainer("memory", ${JSON.stringify(args)}, ${options});
exports.containerTag = memory.containerTag;
exports.deletedCount = memory.purge.deletedCount;
${more}
`;
}

/** Stands for whatever takes the tag: a resource whose arguments depend on it. */
const writer = `new ContainerPurge("writer", {
  containerTags: [memory.containerTag.apply((tag) => tag + "-app")],
  purgeOn: ["delete"],
});`;

describeScenarios("An ephemeral container", [v3], ({ current, open, scenario, onBoth }) => {
  onBoth("is known in a preview, is purged on up, and on destroy after whatever takes its tag", async () => {
    const { count, deletes, mark, resource, stack, write } = await open({
      program: program({ maxDeletions: 100 }, writer),
      stack: "pr-42",
      written: { "shop:pr-42": 4 },
    });

    const preview = await stack.preview();
    expectOk(preview);
    expect(messages(preview, "info")).toContainEqual(
      expect.stringMatching(/^will delete 4 documents in shop:pr-42 \(limit 100\)/),
    );
    expect(preview.output).not.toContain("output<string>");
    expectOk(await stack.up(direct));
    expect(await stack.outputs()).toEqual({ containerTag: "shop:pr-42", deletedCount: 4 });
    await write("shop:pr-42", 3);
    await write("shop:pr-42-app", 2);
    expect((await resource("writer")).dependencies).toEqual([(await resource()).urn]);
    mark();

    const run = await stack.destroy(direct);

    expectOk(run);
    expect(deletes().map(({ containerTags }) => containerTags)).toEqual([["shop:pr-42-app"], ["shop:pr-42"]]);
    expect([count("shop:pr-42"), count("shop:pr-42-app")]).toEqual([0, 0]);
  });

  scenario("keeps its tag when the stack is renamed, which purges nothing", async () => {
    const { count, deletes, mark, stack, write } = await open({
      program: program({ prefix: "live" }),
      stack: "pr-42",
    });
    expectOk(await stack.up(direct));
    await write("live:shop:pr-42", 4);
    await write("live:shop:pr-43", 2);
    mark();

    await stack.rename("pr-43");
    const run = await stack.up();

    expectOk(run);
    expect(messages(run, "warning")).toEqual([]);
    expect(await stack.outputs()).toMatchObject({ containerTag: "live:shop:pr-42" });
    expect(deletes()).toEqual([]);
    const { outputs } = await current().resource();
    expect(outputs["allowProtectedTags"]).toEqual(["live:shop:pr-42"]);
    expect(outputs["__urn"]).toMatch(/^urn:pulumi:pr-43::/);
    expectOk(await stack.destroy(direct));
    expect([count("live:shop:pr-42"), count("live:shop:pr-43")]).toEqual([0, 2]);
  });

  scenario("keeps its tag when its prefix changes, which purges nothing", async () => {
    const { count, deletes, mark, project, stack, write } = await open({ program: program(), stack: "pr-42" });
    expectOk(await stack.up(direct));
    await write("shop:pr-42", 4);
    mark();
    project.setProgram(program({ prefix: "acme", maxDeletions: 5 }));

    expectOk(await stack.up());

    expect(deletes()).toEqual([]);
    expect(count("shop:pr-42")).toBe(4);
    expect((await current().resource()).outputs).toMatchObject({ containerTag: "shop:pr-42", maxDeletions: 5 });
  });

  scenario("is refused to a stack with a protected name, and nothing is sent", async () => {
    const { requests, stack } = await open({
      program: program(),
      stack: "eu-prod",
      written: { "shop:eu-prod": 4 },
    });
    current().mark();

    const run = await stack.up();

    expectFailed(run);
    expect(run.output).toContain(`the stack's name "eu-prod" holds the segment "prod"`);
    expect(run.output).not.toContain("    at ");
    expect(requests()).toEqual([]);
    expect(current().count("shop:eu-prod")).toBe(4);
  });

  scenario("is each stack's own", async () => {
    const { count, openStack, stack, write } = await open({ program: program(), stack: "pr-42" });
    const other = await openStack("pr.42");
    for (const run of [await stack.up(direct), await other.up(direct)]) expectOk(run);
    const [one, two] = [await stack.outputs(), await other.outputs()].map(({ containerTag }) => String(containerTag));
    expect([one, two]).toEqual(["shop:pr-42", expect.stringMatching(/^shop:pr-42-[0-9a-f]{8}$/)]);
    await write(one ?? "", 4);
    await write(two ?? "", 3);

    expectOk(await stack.destroy(direct));

    expect([count(one ?? ""), count(two ?? "")]).toEqual([0, 3]);
  });

  scenario("is purged with the key of the provider that it is given, and let go when it is retained", async () => {
    const { count, deletes, emulator, project, stack, write } = await open({
      program: "",
      stack: "pr-42",
      env: { SUPERMEMORY_API_KEY: "sm_nobody_knows_it" },
      written: { "shop:pr-42": 4 },
    });
    const args = JSON.stringify({ apiKey: emulator.apiKey });
    const options = `{ provider: new Provider("own", ${args}), retainOnDelete: true }`;
    project.setProgram(program({}, "", options));

    expectOk(await stack.up(direct));

    expect(count("shop:pr-42")).toBe(0);
    await write("shop:pr-42", 2);
    current().mark();
    expectOk(await stack.destroy(direct));
    expect(deletes()).toEqual([]);
    expect(count("shop:pr-42")).toBe(2);
  });
});
