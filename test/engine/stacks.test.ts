import { describeOnBothEngines } from "./engines";
import { testProject } from "./project";
import { openToy, thingType, urnOf } from "./toy";
import { quick, stateOf } from "./toy-stack";

describeOnBothEngines("stacks", (engine) => {
  test("the state contains no secret as plain text", async () => {
    await using toy = await openToy(engine, { config: { "supermemory:apiKey": { secret: "k3y-in-config" } } });
    toy.program(
      `const config = new pulumi.Config("supermemory");`,
      `thing("a", { tag: "x", password: pulumi.secret("pa55word"), deep: { list: [pulumi.secret("n3sted")] } });`,
      `exports.key = config.requireSecret("apiKey");`,
    );
    await toy.stack.up(quick);
    const text = await toy.stack.rawState();
    expect(text).toContain(urnOf("a"));
    for (const secret of ["k3y-in-config", "pa55word", "n3sted"]) expect(text).not.toContain(secret);
    const a = await stateOf(toy, "a");
    expect(a?.inputs).toMatchObject({ password: "pa55word", deep: { list: ["n3sted"] } });
    expect(a?.outputs).toMatchObject({ password: "pa55word", deep: { list: ["n3sted"] } });
    expect(await toy.stack.outputs()).toEqual({ key: "k3y-in-config" });
  });

  test("the state contains the provider instance, parents, dependencies and all properties", async () => {
    await using toy = await openToy(engine, { config: { "supermemory:baseUrl": "http://localhost" } });
    toy.program(`const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    await toy.stack.up(quick);
    const { resources } = (await toy.stack.export()).deployment;
    expect(resources.map(({ urn }) => urn.split("::").slice(2).join("::"))).toEqual([
      "pulumi:pulumi:Stack::shop-pr-42",
      "pulumi:providers:pulumi-nodejs::default",
      `${thingType}::a`,
      `${thingType}::w`,
    ]);
    const [stack, instance, , w] = resources;
    expect(instance).toMatchObject({
      inputs: { "supermemory:baseUrl": "http://localhost" },
      outputs: { "supermemory:baseUrl": "http://localhost" },
    });
    expect(w).toMatchObject({
      id: "w-id",
      parent: stack?.urn,
      provider: `${instance?.urn ?? ""}::${instance?.id ?? ""}`,
      dependencies: [urnOf("a")],
      propertyDependencies: { tag: [urnOf("a")], name: [] },
      inputs: { tag: 1, name: "w", __urn: urnOf("w") },
      outputs: { tag: 1, name: "w", made: 1, __urn: urnOf("w") },
    });
  });

  test("a component is the parent of its resources, and moving a resource into it with an alias changes nothing", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    await toy.stack.up(quick);
    toy.calls();
    toy.program(
      `const group = new pulumi.ComponentResource("my:mod:Group", "group");`,
      `thing("a", { tag: "x" }, { parent: group, aliases: [{ parent: pulumi.rootStackResource }] });`,
    );
    const run = await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"]]);
    expect(run.steps.map(({ op }) => op)).toEqual(["same", "create", "same"]);
    const inGroup = `urn:pulumi:pr-42::shop::my:mod:Group$${thingType}::a`;
    const { resources } = (await toy.stack.export()).deployment;
    expect(resources.find(({ urn }) => urn === inGroup)?.parent).toMatch(/::my:mod:Group::group$/);
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([["configure()", "delete(a: x#1)"]]);
  });

  test("an explicit provider instance has its own process, configured with its arguments", async () => {
    await using toy = await openToy(engine, { config: { "supermemory:apiKey": "stack-key" } });
    const program = (key: string) => [
      `const p = new pulumi.ProviderResource("pulumi-nodejs", "p", { "supermemory:apiKey": "${key}" });`,
      `const a = thing("a", { tag: "x" }, { provider: p });`,
      `thing("q", { tag: a.made });`,
    ];
    toy.program(...program("one"));
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([
      ["configure(one)", "check(a: {} -> x)", "create(a: x)"],
      ["configure(stack-key)", "check(q: {} -> 1)", "create(q: 1)"],
    ]);
    toy.program(...program("two"));
    const run = await toy.stack.up(quick);
    expect(run.steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)).toEqual(
      expect.arrayContaining(["update p", "same a", "same q"]),
    );
    expect(toy.calls()[0]).toEqual(["configure(two)", "check(a: x -> x)", "diff(a: x#1 -> x)"]);
  });

  test("two stacks in one folder do not affect each other", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: pulumi.getStack() })`);
    const { projectDir, stateDir } = toy.project;
    const env = { TOY_LOG: `${stateDir}/calls.jsonl` };
    const other = await engine.open({ projectDir, stateDir, stack: "pr-43", env });
    await Promise.all([toy.stack.up(quick), other.up(quick)]);
    toy.calls();
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([["configure()", "delete(a: pr-42#1)"]]);
    expect((await other.export()).deployment.resources.map(({ urn }) => urn)).toContain(urnOf("a", "pr-43"));
    await other.close();
  });

  test("a program that fails deletes nothing", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    await toy.stack.up(quick);
    toy.calls();
    toy.program(`throw new pulumi.RunError("the program broke");`);
    const run = await toy.stack.up(quick);
    expect(run.ok).toBe(false);
    expect(run.output).toContain("error: the program broke");
    expect(toy.calls()).toEqual([]);
    expect(await stateOf(toy, "a")).toBeDefined();
  });

  test("program and provider run in the folder of main, without the test runner's variables", async () => {
    process.env["SUPERMEMORY_LEAK"] = "leaked";
    try {
      await using toy = await openToy(engine, { folder: "infra", env: { OWN: "own" } });
      toy.program(
        `thing("a", { tag: process.cwd() });`,
        `exports.seen = [process.env.SUPERMEMORY_LEAK ?? "clean", process.env.OWN];`,
      );
      await toy.stack.up(quick);
      expect(toy.directories()).toEqual([toy.project.programDir]);
      expect((await stateOf(toy, "a"))?.inputs).toMatchObject({ tag: toy.project.programDir });
      expect(await toy.stack.outputs()).toEqual({ seen: ["clean", "own"] });
    } finally {
      delete process.env["SUPERMEMORY_LEAK"];
    }
  });

  test("an ignored change keeps the old value, and a retained resource is removed without a call", async () => {
    await using toy = await openToy(engine);
    const options = `{ ignoreChanges: ["tag"], retainOnDelete: true }`;
    toy.program(`thing("a", { tag: "x" }, ${options})`);
    await toy.stack.up(quick);
    toy.calls();
    toy.program(`thing("a", { tag: "y" }, ${options})`);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"]]);
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([]);
  });

  test("a TypeScript program runs and reads its configuration", async () => {
    const program = `import * as pulumi from "@pulumi/pulumi";
      const config: pulumi.Config = new pulumi.Config("supermemory");
      export const seen: string = pulumi.getProject() + " " + pulumi.getStack() + " " + config.require("apiVersion");`;
    const project = testProject({ main: "index.ts", program, name: "typed" });
    const { projectDir, stateDir } = project;
    const stack = await engine.open({ projectDir, stateDir, stack: "ts", config: { "supermemory:apiVersion": "v3" } });
    await stack.up(quick);
    expect(await stack.outputs()).toEqual({ seen: "typed ts v3" });
    await stack.close();
    project.close();
  });
});
