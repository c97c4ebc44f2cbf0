import { describeOnBothEngines } from "./engines";
import { urnOf } from "./toy";
import { openMade, quick, stateOf, thingsIn } from "./toy-stack";

/** The call sequences of the real engine, continued: source and date as in transcripts-up.test.ts. */
describeOnBothEngines("transcripts: destroy and refresh", (engine) => {
  test("destroy deletes dependents first, and neither checks nor reads", async () => {
    await using toy = await openMade(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy();
    expect(run.ok).toBe(true);
    expect(toy.calls()).toEqual([["configure()", "delete(w: 1#1)", "delete(a: x#1)"]]);
    expect(await thingsIn(toy.stack)).toEqual([]);
  });

  test("destroy --preview-only calls nothing", async () => {
    await using toy = await openMade(engine);
    const run = await toy.stack.destroy({ previewOnly: true });
    expect(toy.calls()).toEqual([]);
    expect(run.steps.map(({ op }) => op)).toEqual(["delete", "delete"]);
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });

  test("destroy --refresh --preview-only reads and diffs", async () => {
    await using toy = await openMade(engine);
    await toy.stack.destroy({ previewOnly: true, refresh: true });
    expect(toy.calls()).toEqual([["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"]]);
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });

  test("destroy --target deletes only the targets", async () => {
    await using toy = await openMade(engine, `thing("a", { tag: "x" }); thing("c", { tag: "x" });`);
    await toy.stack.destroy({ ...quick, target: [urnOf("a")] });
    expect(toy.calls()).toEqual([["configure()", "delete(a: x#1)"]]);
    expect(await thingsIn(toy.stack)).toEqual(["c"]);
  });

  test("destroy --target refuses a target with dependents, after a diff of the dependents with unknowns", async () => {
    await using toy = await openMade(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy({ ...quick, target: [urnOf("a")] });
    expect(run.ok).toBe(false);
    expect(toy.calls()).toEqual([["configure()", "diff(w: 1#1 -> 04da6b54-80e4-46f7-96ec-b56ff0331ba9)"]]);
  });

  test("destroy uses the configuration of the last up, or the current one with --run-program", async () => {
    await using toy = await openMade(engine, undefined, { "supermemory:apiKey": { secret: "old-key" } });
    await toy.stack.setConfig("supermemory:apiKey", { secret: "new-key" });
    await toy.stack.destroy({ ...quick, env: { TOY_DELETE: "fail" } });
    expect(toy.calls()).toEqual([["configure(old-key)", "delete(a: x#1)"]]);
    await toy.stack.destroy({ ...quick, runProgram: true });
    expect(toy.calls()).toEqual([["configure(new-key)", "delete(a: x#1)"]]);
  });

  test("refresh and its preview read and then diff the result, and refresh stores it", async () => {
    await using toy = await openMade(engine);
    await toy.stack.refresh({ env: { TOY_SEEN: "3 documents" } });
    const calls = ["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"];
    expect(toy.calls()).toEqual([calls, calls]);
    expect(await stateOf(toy, "a")).toMatchObject({ outputs: { seen: "3 documents", made: 1 } });
  });

  test("up --refresh updates a resource if diff reports changes after read", async () => {
    await using toy = await openMade(engine);
    await toy.stack.up({ ...quick, refresh: true, env: { TOY_DRIFT: "yes" } });
    expect(toy.calls()).toEqual([
      [
        "configure()",
        "read(a: x#1)",
        "diff(a: x#1 -> x)",
        "check(a: x -> x)",
        "diff(a: x#1 -> x)",
        "update(a: x#1 -> x)",
      ],
    ]);
  });

  test("refresh, up --refresh and destroy --refresh fail if read throws", async () => {
    await using toy = await openMade(engine);
    const options = { ...quick, refresh: true, env: { TOY_READ: "fail" } };
    const runs = [await toy.stack.refresh(options), await toy.stack.up(options), await toy.stack.destroy(options)];
    expect(runs.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(toy.calls()).toEqual(runs.map(() => ["configure()", "read(a: x#1)"]));
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });
});
