import { describeOnBothEngines } from "./engines";
import { urnOf } from "./toy";
import { openMade, quick, stateOf, thingsIn } from "./toy-stack";
import { type EngineStack, type Run } from "./types";

const withDependent = `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`;
const refreshed = ["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"];

/** The call sequences of the real engine, continued: source and date as in transcripts-up.test.ts. */
describeOnBothEngines("transcripts: destroy and refresh", (engine) => {
  test.each<[string, string, (stack: EngineStack) => Promise<Run>, calls: string[][], left: string[], ok?: boolean]>([
    [
      "destroy deletes dependents first, and neither checks nor reads",
      withDependent,
      (stack) => stack.destroy(),
      [["configure()", "delete(w: 1#1)", "delete(a: x#1)"]],
      [],
    ],
    [
      "destroy --refresh --preview-only reads and diffs",
      `thing("a", { tag: "x" })`,
      (stack) => stack.destroy({ previewOnly: true, refresh: true }),
      [refreshed],
      ["a"],
    ],
    [
      "destroy --target deletes only the targets",
      `thing("a", { tag: "x" }); thing("c", { tag: "x" });`,
      (stack) => stack.destroy({ ...quick, target: [urnOf("a")] }),
      [["configure()", "delete(a: x#1)"]],
      ["c"],
    ],
    [
      "destroy --target refuses a target with dependents, after a diff of the dependents with unknowns",
      withDependent,
      (stack) => stack.destroy({ ...quick, target: [urnOf("a")] }),
      [["configure()", "diff(w: 1#1 -> 04da6b54-80e4-46f7-96ec-b56ff0331ba9)"]],
      ["a", "w"],
      false,
    ],
    [
      "up --refresh updates a resource if diff reports changes after read",
      `thing("a", { tag: "x" })`,
      (stack) => stack.up({ ...quick, refresh: true, env: { TOY_DRIFT: "yes" } }),
      [[...refreshed, "check(a: x -> x)", "diff(a: x#1 -> x)", "update(a: x#1 -> x)"]],
      ["a"],
    ],
  ])("%s", async (_title, program, command, calls, left, ok = true) => {
    await using toy = await openMade(engine, program);
    expect((await command(toy.stack)).ok).toBe(ok);
    expect(toy.calls()).toEqual(calls);
    expect(await thingsIn(toy.stack)).toEqual(left);
  });

  test("destroy --preview-only calls nothing", async () => {
    await using toy = await openMade(engine);
    const run = await toy.stack.destroy({ previewOnly: true });
    expect(toy.calls()).toEqual([]);
    expect(run.steps.map(({ op }) => op)).toEqual(["delete", "delete"]);
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
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
    expect(toy.calls()).toEqual([refreshed, refreshed]);
    expect(await stateOf(toy, "a")).toMatchObject({ outputs: { seen: "3 documents", made: 1 } });
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
