import { describeOnBothEngines } from "./engines";
import { openToy, urnOf } from "./toy";
import { quick, stateOf } from "./toy-stack";

describeOnBothEngines("renames and ignored changes", (engine) => {
  test("an ignored change of a list element keeps the old element if both lists have it", async () => {
    await using toy = await openToy(engine);
    const made = async (list: string) => {
      toy.program(`thing("a", { tag: "x", list: ${list} }, { ignoreChanges: ["list[0]"] })`);
      await toy.stack.up(quick);
      return (await stateOf(toy, "a"))?.inputs["list"];
    };
    expect(await made(`["old"]`)).toEqual(["old"]);
    expect(await made(`["new", "more"]`)).toEqual(["old", "more"]);
    expect(await made(`[]`)).toEqual([]);
    expect(await made(`["new"]`)).toEqual(["new"]);
  });

  test("references to a resource renamed with an alias are updated, even if only that resource is a target", async () => {
    await using toy = await openToy(engine);
    toy.program(`const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    await toy.stack.up(quick);
    toy.program(`const b = thing("b", { tag: "x" }, { aliases: [{ name: "a" }] });`, `thing("w", { tag: b.made });`);
    await toy.stack.up({ ...quick, target: [urnOf("b")] });
    expect(await stateOf(toy, "w")).toMatchObject({
      dependencies: [urnOf("b")],
      propertyDependencies: { tag: [urnOf("b")] },
    });
  });

  test("renaming a stack updates its URNs and keeps its properties", async () => {
    await using toy = await openToy(engine, { config: { "supermemory:apiKey": { secret: "k3y" } } });
    const lines = [`const a = thing("a", { tag: "x" });`, `thing("w", { tag: a.made });`];
    toy.program(...lines);
    await toy.stack.up(quick);
    toy.calls();

    await toy.stack.rename("pr-43");

    const { resources } = (await toy.stack.export()).deployment;
    expect(resources.map(({ urn }) => urn)).toEqual([
      "urn:pulumi:pr-43::shop::pulumi:pulumi:Stack::shop-pr-43",
      "urn:pulumi:pr-43::shop::pulumi:providers:pulumi-nodejs::default",
      urnOf("a", "pr-43"),
      urnOf("w", "pr-43"),
    ]);
    expect(resources[3]).toMatchObject({
      parent: resources[0]?.urn,
      provider: `${resources[1]?.urn ?? ""}::${resources[1]?.id ?? ""}`,
      dependencies: [urnOf("a", "pr-43")],
      propertyDependencies: { tag: [urnOf("a", "pr-43")] },
      outputs: { __urn: urnOf("w") },
    });
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([
      ["configure(k3y)", "check(a: x -> x)", "diff(a: x#1 -> x)", "check(w: 1 -> 1)", "diff(w: 1#1 -> 1)"],
    ]);
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([["configure(k3y)", "delete(w: 1#1)", "delete(a: x#1)"]]);
  });
});
