import { v3 } from "./support/apis";
import { expectFailed, expectOk, messages } from "./support/runs";
import { describeScenarios } from "./support/scenarios";

/** A stack with an EphemeralContainer, and more lines that may use it. */
function program(args: Readonly<Record<string, unknown>> = {}, more = "", options = "{}"): string {
  return `const { ContainerPurge, EphemeralContainer, Provider } = require("pulumi-supermemory");
const memory = new EphemeralContainer("memory", ${JSON.stringify(args)}, ${options});
exports.containerTag = memory.containerTag;
exports.deletedCount = memory.purge.deletedCount;
${more}
`;
}

/** Stands for an application: a resource whose arguments depend on the tag. */
const writer = `new ContainerPurge("writer", {
  containerTags: [memory.containerTag.apply((tag) => tag + "-app")],
  purgeOn: ["delete"],
});`;

describeScenarios("An EphemeralContainer", [v3], ({ open, onBoth, scenario }) => {
  onBoth("knows its tag in a preview; is purged on up, and on destroy after the resources that use it", async () => {
    const bed = await open({
      program: program({ maxDeletions: 100 }, writer),
      ...{ stack: "pr-42", written: { "shop:pr-42": 4 } },
    });
    const { count, deletes, destroy, mark, resource, stack, up, write } = bed;

    const preview = expectOk(await stack.preview());

    const announced = /^will delete 4 documents in shop:pr-42 \(limit 100\)/;
    expect(messages(preview, "warning")).toContainEqual(expect.stringMatching(announced));
    expect(preview.output).not.toContain("output<string>");
    await up();
    expect(await stack.outputs()).toEqual({ containerTag: "shop:pr-42", deletedCount: 4 });
    await write("shop:pr-42", 3);
    await write("shop:pr-42-app", 2);
    expect((await resource("writer")).dependencies).toEqual([(await resource()).urn]);
    mark();
    await destroy();
    expect(deletes().map(({ containerTags }) => containerTags)).toEqual([["shop:pr-42-app"], ["shop:pr-42"]]);
    expect([count("shop:pr-42"), count("shop:pr-42-app")]).toEqual([0, 0]);
  });

  scenario("keeps its tag and its documents when the stack is renamed", async () => {
    const writtenAfterUp = { "live:shop:pr-42": 4, "live:shop:pr-43": 2 };
    const bed = await open({ program: program({ prefix: "live" }), stack: "pr-42", writtenAfterUp });
    const { count, deletes, destroy, outputs, stack } = bed;

    await stack.rename("pr-43");
    const run = expectOk(await stack.up());

    expect(messages(run, "warning")).toEqual([
      expect.stringContaining("this resource was last updated in shop/pr-42 and now belongs to shop/pr-43"),
    ]);
    expect(await stack.outputs()).toMatchObject({ containerTag: "live:shop:pr-42" });
    expect(deletes()).toEqual([]);
    expect(await outputs()).toMatchObject({
      allowProtectedTags: ["live:shop:pr-42"],
      __urn: expect.stringMatching(/^urn:pulumi:pr-43::/) as unknown,
    });
    await destroy();
    expect([count("live:shop:pr-42"), count("live:shop:pr-43")]).toEqual([0, 2]);
  });

  scenario("keeps its tag and its documents when its prefix changes", async () => {
    const bed = await open({ program: program(), stack: "pr-42", writtenAfterUp: { "shop:pr-42": 4 } });
    bed.project.setProgram(program({ prefix: "acme", maxDeletions: 5 }));

    expectOk(await bed.stack.up());

    expect(bed.deletes()).toEqual([]);
    expect(bed.count("shop:pr-42")).toBe(4);
    expect(await bed.outputs()).toMatchObject({ containerTag: "shop:pr-42", maxDeletions: 5 });
  });

  scenario("keeps its tag, and may purge it, when a protected prefix comes or goes", async () => {
    for (const [before, after] of [
      ["live", "acme"],
      ["acme", "live"],
    ]) {
      const tag = `${before}:shop:pr-42`;
      const bed = await open({ program: program({ prefix: before }), stack: "pr-42", writtenAfterUp: { [tag]: 4 } });
      bed.project.setProgram(program({ prefix: after, maxDeletions: 5 }));

      const run = expectOk(await bed.stack.up());

      expect([messages(run, "warning"), bed.deletes()]).toEqual([[], []]);
      expect(await bed.outputs()).toMatchObject({ containerTag: tag, maxDeletions: 5 });
      await bed.destroy();
      expect(bed.count(tag)).toBe(0);
    }
  });

  scenario("is refused in a stack with a protected name, without a request or a stack trace", async () => {
    const written = { "shop:eu-prod": 4 };
    const { mark, requests, stack } = await open({ program: program(), stack: "eu-prod", written });
    mark();

    const run = expectFailed(await stack.up());

    expect(run.output).toMatch(/"eu-prod".*segment "prod"/);
    expect(run.output).not.toContain("    at ");
    expect(requests()).toEqual([]);
  });

  scenario(
    "needs a prefix beside another one, and is counted beside a resource whose Provider is not known",
    async () => {
      const two = `const { ContainerPurge, EphemeralContainer, Provider } = require("pulumi-supermemory");
new EphemeralContainer("memory");
const other = new EphemeralContainer("cache", { prefix: process.env.PREFIX });
const apiKey = other.purge.deletedCount.apply(() => "sm_emulator_key");
const provider = new Provider("late", { apiKey });
new ContainerPurge("theirs", { containerTags: ["pr-42"] }, { provider });`;
      const { deletes, stack } = await open({ program: two, written: { "shop:dev": 4, "pr-42": 3 } });

      const refused = expectFailed(await stack.preview());
      const preview = expectOk(await stack.preview({ env: { PREFIX: "cache" } }));

      expect(refused.output).toMatch(
        /two resources manage shop:dev: this one and shop::ContainerPurge::(memory|cache)/,
      );
      expect(preview.output).toContain("will delete 4 documents in shop:dev");
      expect(preview.output).not.toContain("documents in pr-42");
      expect(deletes()).toEqual([]);
    },
  );

  scenario("has a tag of its own in each stack, even when the names clean up to the same", async () => {
    const { count, destroy, openStack, stack, up, write } = await open({ program: program(), stack: "pr-42" });
    const other = await openStack("pr.42");
    await up();
    expectOk(await other.up({ skipPreview: true }));
    const [one, two] = [await stack.outputs(), await other.outputs()].map(({ containerTag }) => String(containerTag));
    expect([one, two]).toEqual(["shop:pr-42", expect.stringMatching(/^shop:pr-42-[0-9a-f]{8}$/)]);
    await write(one ?? "", 4);
    await write(two ?? "", 3);

    await destroy();

    expect([count(one ?? ""), count(two ?? "")]).toEqual([0, 3]);
  });

  scenario("passes its options on: the provider's key purges, and retainOnDelete keeps the documents", async () => {
    const { count, deletes, destroy, emulator, mark, project, up, write } = await open({
      ...{ program: "", stack: "pr-42", written: { "shop:pr-42": 4 } },
      env: { SUPERMEMORY_API_KEY: "sm_nobody_knows_it" },
    });
    const provider = `new Provider("own", ${JSON.stringify({ apiKey: emulator.apiKey })})`;
    project.setProgram(program({}, "", `{ provider: ${provider}, retainOnDelete: true }`));

    await up();

    expect(count("shop:pr-42")).toBe(0);
    await write("shop:pr-42", 2);
    mark();
    await destroy();
    expect(deletes()).toEqual([]);
    expect(count("shop:pr-42")).toBe(2);
  });
});
