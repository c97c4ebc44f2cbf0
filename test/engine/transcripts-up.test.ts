import { describeOnBothEngines } from "./engines";
import { openToy, urnOf } from "./toy";
import { openMade, quick } from "./toy-stack";

/**
 * The call sequences of the real engine, one test for each. One inner list is one provider process.
 * Source: Pulumi CLI 3.260 with @pulumi/pulumi 3.248, Node 20, file backend; held against that CLI on 2026-11-24.
 */
describeOnBothEngines("transcripts: up", (engine) => {
  test("a preview of a new stack only checks", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    expect((await toy.stack.preview()).ok).toBe(true);
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)"]]);
  });

  test("up previews in one process, then creates in another", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    expect((await toy.stack.up()).ok).toBe(true);
    expect(toy.calls()).toEqual([
      ["configure()", "check(a: {} -> x)"],
      ["configure()", "check(a: {} -> x)", "create(a: x)"],
    ]);
  });

  test("changed inputs are checked, diffed and updated", async () => {
    await using toy = await openMade(engine);
    toy.program(`thing("a", { tag: "y" })`);
    await toy.stack.preview();
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)"]]);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)", "update(a: x#1 -> y)"]]);
  });

  test("up without changes only checks and diffs", async () => {
    await using toy = await openMade(engine);
    const run = await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"]]);
    expect(run.steps.map(({ op }) => op)).toEqual(["same", "same"]);
  });

  test("a rename without an alias creates the new resource, and deletes the old one after the program has ended", async () => {
    await using toy = await openMade(engine);
    toy.program(`thing("b", { tag: "x" })`);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(b: {} -> x)", "create(b: x)", "delete(a: x#1)"]]);
  });

  test("a rename with an alias changes nothing", async () => {
    await using toy = await openMade(engine);
    toy.program(`thing("b", { tag: "x" }, { aliases: [{ name: "a" }] })`);
    const run = await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(b: x -> x)", "diff(b: x#1 -> x)"]]);
    expect(run.steps.map(({ op }) => op)).toEqual(["same", "same"]);
    expect((await toy.stack.export()).deployment.resources.map(({ urn }) => urn)).toContain(urnOf("b"));
  });

  test("up --replace creates the new resource, then deletes the old one", async () => {
    await using toy = await openMade(engine);
    const run = await toy.stack.up({ ...quick, replace: [urnOf("a")] });
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)", "create(a: x)", "delete(a: x#1)"]]);
    expect(run.steps.map(({ op }) => op)).toEqual(["same", "create-replacement", "replace", "delete-replaced"]);
  });

  test("a changed replacement trigger checks twice and replaces", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" }, { replacementTrigger: 1 })`);
    await toy.stack.up(quick);
    toy.calls();
    toy.program(`thing("a", { tag: "y" }, { replacementTrigger: 2 })`);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([
      ["configure()", "check(a: x -> y)", "check(a: {} -> y)", "create(a: y)", "delete(a: x#1)"],
    ]);
  });

  test("up --target checks only the targets", async () => {
    await using toy = await openToy(engine);
    const program = (tag: string) => `thing("a", { tag: "${tag}" }); thing("c", { tag: "${tag}" });`;
    toy.program(program("x"));
    await toy.stack.up(quick);
    toy.calls();
    toy.program(program("y"));
    await toy.stack.up({ ...quick, target: [urnOf("a")] });
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)", "update(a: x#1 -> y)"]]);
  });

  test("in a preview, an input from another resource's output is the unknown string", async () => {
    await using toy = await openToy(engine);
    toy.program(`const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    await toy.stack.up();
    expect(toy.calls()).toEqual([
      ["configure()", "check(a: {} -> x)", "check(w: {} -> 04da6b54-80e4-46f7-96ec-b56ff0331ba9)"],
      ["configure()", "check(a: {} -> x)", "create(a: x)", "check(w: {} -> 1)", "create(w: 1)"],
    ]);
  });

  test("a check failure in the preview stops up before any change", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "bad" })`);
    const run = await toy.stack.up();
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> bad)"]]);
    expect(run.ok).toBe(false);
    expect(run.output).toContain("resource 'a': property tag value {bad} has a problem: it is bad");
    expect((await toy.stack.export()).deployment.resources).toEqual([]);
  });

  test("an error that check only logs is printed, and the create runs", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x", say: [{ on: "check", text: "looks bad", severity: 3 }] })`);
    const run = await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)", "create(a: x)"]]);
    expect(run.exitCode).toBe(0);
    expect(run.output).toContain("failed");
  });
});
