import { describeOnBothEngines } from "./engines";
import { openToy, urnOf } from "./toy";
import { openMade, quick } from "./toy-stack";
import { type EngineStack, type Run } from "./types";

interface Transcript {
  readonly made?: string;
  readonly program: string;
  /** @default up without a preview */
  readonly run?: (stack: EngineStack) => Promise<Run>;
  readonly calls: readonly (readonly string[])[];
  readonly ops?: readonly string[];
}

const a = `thing("a", { tag: "x" })`;
const changed = `thing("a", { tag: "y" })`;
const withDependent = `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`;
const two = (tag: string) => `thing("a", { tag: "${tag}" }); thing("c", { tag: "${tag}" });`;
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The call sequences of the real engine, one row for each.
 * Source: Pulumi CLI 3.260 with @pulumi/pulumi 3.248, Node 20, file backend; held against that CLI on 2026-11-24.
 */
const transcripts: Readonly<Record<string, Transcript>> = {
  "a preview of a new stack only checks": {
    program: a,
    run: (stack) => stack.preview(),
    calls: [["configure()", "check(a: {} -> x)"]],
  },
  "in a preview, an input from another resource's output is the unknown string; up then creates in another process": {
    program: withDependent,
    run: (stack) => stack.up(),
    calls: [
      ["configure()", "check(a: {} -> x)", `check(w: {} -> ${unknown})`],
      ["configure()", "check(a: {} -> x)", "create(a: x)", "check(w: {} -> 1)", "create(w: 1)"],
    ],
  },
  "a preview of changed inputs checks and diffs": {
    made: a,
    program: changed,
    run: (stack) => stack.preview(),
    calls: [["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)"]],
  },
  "changed inputs are checked, diffed and updated": {
    made: a,
    program: changed,
    calls: [["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)", "update(a: x#1 -> y)"]],
  },
  "up without changes only checks and diffs": {
    ...{ made: a, program: a, ops: ["same"] },
    calls: [["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"]],
  },
  "a rename without an alias creates the new resource, and deletes the old one after the program has ended": {
    ...{ made: a, program: `thing("b", { tag: "x" })` },
    calls: [["configure()", "check(b: {} -> x)", "create(b: x)", "delete(a: x#1)"]],
  },
  "a rename with an alias changes nothing": {
    ...{ made: a, program: `thing("b", { tag: "x" }, { aliases: [{ name: "a" }] })`, ops: ["same"] },
    calls: [["configure()", "check(b: x -> x)", "diff(b: x#1 -> x)"]],
  },
  "up --replace creates the new resource, then deletes the old one": {
    ...{ made: a, program: a, ops: ["create-replacement", "replace", "delete-replaced"] },
    run: (stack) => stack.up({ ...quick, replace: [urnOf("a")] }),
    calls: [["configure()", "check(a: {} -> x)", "create(a: x)", "delete(a: x#1)"]],
  },
  "a changed replacement trigger checks twice and replaces": {
    made: `thing("a", { tag: "x" }, { replacementTrigger: 1 })`,
    program: `thing("a", { tag: "y" }, { replacementTrigger: 2 })`,
    calls: [["configure()", "check(a: x -> y)", "check(a: {} -> y)", "create(a: y)", "delete(a: x#1)"]],
  },
  "up --target checks only the targets": {
    ...{ made: two("x"), program: two("y") },
    run: (stack) => stack.up({ ...quick, target: [urnOf("a")] }),
    calls: [["configure()", "check(a: x -> y)", "diff(a: x#1 -> y)", "update(a: x#1 -> y)"]],
  },
};

describeOnBothEngines("transcripts: up", (engine) => {
  test.each(Object.entries(transcripts))("%s", async (_title, { made, program, run, calls, ops }) => {
    await using toy = await (made === undefined ? openToy(engine) : openMade(engine, made));
    toy.program(program);
    const { ok, steps } = await (run ?? ((stack) => stack.up(quick)))(toy.stack);
    expect(ok).toBe(true);
    expect(toy.calls()).toEqual(calls);
    if (ops !== undefined) expect(steps.map(({ op }) => op)).toEqual(["same", ...ops]);
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
    expect(run.ok).toBe(true);
    expect(run.output).toContain("failed");
  });
});
