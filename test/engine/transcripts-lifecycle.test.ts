import { describeOnEngines } from "./engines";
import { openToy, urnOf, type Toy } from "./toy";
import { type Engine, type EngineStack } from "./types";

/** The call sequences of the real engine, continued: destroy, refresh, failures. One inner list is one provider process. */
describeOnEngines("transcripts: destroy and refresh", (engine) => {
  test("destroy deletes dependents first, and neither checks nor reads", async () => {
    await using toy = await made(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy();
    expect(run.ok).toBe(true);
    expect(toy.calls()).toEqual([["configure()", "delete(w: 1#1)", "delete(a: x#1)"]]);
    expect(await resources(toy.stack)).toEqual([]);
  });

  test("destroy --preview-only calls nothing", async () => {
    await using toy = await made(engine);
    const run = await toy.stack.destroy({ previewOnly: true });
    expect(toy.calls()).toEqual([]);
    expect(run.steps.map(({ op }) => op)).toEqual(["delete", "delete"]);
    expect(await resources(toy.stack)).toEqual(["a"]);
  });

  test("destroy --refresh --preview-only reads and diffs", async () => {
    await using toy = await made(engine);
    await toy.stack.destroy({ previewOnly: true, refresh: true });
    expect(toy.calls()).toEqual([["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"]]);
    expect(await resources(toy.stack)).toEqual(["a"]);
  });

  test("destroy --target deletes the targets alone", async () => {
    await using toy = await made(engine, `thing("a", { tag: "x" }); thing("c", { tag: "x" });`);
    await toy.stack.destroy({ ...quick, target: [urnOf("a")] });
    expect(toy.calls()).toEqual([["configure()", "delete(a: x#1)"]]);
    expect(await resources(toy.stack)).toEqual(["c"]);
  });

  test("destroy --target refuses a target that others need, after a diff of these with unknowns", async () => {
    await using toy = await made(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy({ ...quick, target: [urnOf("a")] });
    expect(run.ok).toBe(false);
    expect(toy.calls()).toEqual([["configure()", "diff(w: 1#1 -> 04da6b54-80e4-46f7-96ec-b56ff0331ba9)"]]);
  });

  test("destroy has the configuration of the last up, and today's with --run-program", async () => {
    await using toy = await made(engine, undefined, { "supermemory:apiKey": { secret: "old-key" } });
    await toy.stack.setConfig("supermemory:apiKey", { secret: "new-key" });
    await toy.stack.destroy({ ...quick, env: { TOY_DELETE: "fail" } });
    expect(toy.calls()).toEqual([["configure(old-key)", "delete(a: x#1)"]]);
    await toy.stack.destroy({ ...quick, runProgram: true });
    expect(toy.calls()).toEqual([["configure(new-key)", "delete(a: x#1)"]]);
  });

  test("refresh reads, then diffs what was read, in its preview too, and stores it", async () => {
    await using toy = await made(engine);
    await toy.stack.refresh({ env: { TOY_SEEN: "3 documents" } });
    const calls = ["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"];
    expect(toy.calls()).toEqual([calls, calls]);
    expect(await stateOf(toy, "a")).toMatchObject({ outputs: { seen: "3 documents", made: 1 } });
  });

  test("up --refresh updates when diff says changes for what was read", async () => {
    await using toy = await made(engine);
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

  test("a read that throws blocks refresh, up --refresh and destroy --refresh", async () => {
    await using toy = await made(engine);
    const options = { ...quick, refresh: true, env: { TOY_READ: "fail" } };
    const runs = [await toy.stack.refresh(options), await toy.stack.up(options), await toy.stack.destroy(options)];
    expect(runs.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(toy.calls()).toEqual(runs.map(() => ["configure()", "read(a: x#1)"]));
    expect(await resources(toy.stack)).toEqual(["a"]);
  });
});

describeOnEngines("transcripts: failures", (engine) => {
  test("a create that fails is not in the state", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    const run = await toy.stack.up({ ...quick, env: { TOY_CREATE: "fail" } });
    expect(run.exitCode).not.toBe(0);
    expect(run.diagnostics).toContainEqual(
      expect.objectContaining({ severity: "error", message: "create failed", urn: urnOf("a") }),
    );
    expect(await resources(toy.stack)).toEqual([]);
  });

  test("a create that fails halfway is kept, and the next up updates it", async () => {
    await using toy = await halfMade(engine);
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)", "create(a: x)"]]);
    expect(await stateOf(toy, "a")).toMatchObject({ id: "a-id", outputs: { made: 1 }, initErrors: ["only half done"] });
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)", "update(a: x#1 -> x)"]]);
    expect((await stateOf(toy, "a"))?.initErrors ?? []).toEqual([]);
  });

  test("a refresh in between clears the mark, so that up makes no update", async () => {
    await using toy = await halfMade(engine);
    toy.calls();
    await toy.stack.refresh(quick);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([
      ["configure()", "read(a: x#1)", "diff(a: x#1 -> x)"],
      ["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)"],
    ]);
  });

  test("an update that fails halfway keeps the old inputs and stores the new outputs", async () => {
    await using toy = await made(engine);
    toy.program(`thing("a", { tag: "y" })`);
    const run = await toy.stack.up({ ...quick, env: { TOY_UPDATE: "half" } });
    expect(run.exitCode).not.toBe(0);
    expect(await stateOf(toy, "a")).toMatchObject({ inputs: { tag: "x" }, outputs: { tag: "y", made: 2 } });
    toy.calls();
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> y)", "diff(a: y#2 -> y)", "update(a: y#2 -> y)"]]);
  });

  test("an update that fails plainly leaves the state as it was", async () => {
    await using toy = await made(engine);
    toy.program(`thing("a", { tag: "y" })`);
    await toy.stack.up({ ...quick, env: { TOY_UPDATE: "fail" } });
    expect(await stateOf(toy, "a")).toMatchObject({ inputs: { tag: "x" }, outputs: { tag: "x", made: 1 } });
  });

  test("after a replacement whose delete failed, up deletes the old one", async () => {
    await using toy = await halfReplaced(engine);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)", "delete(a: x#1)"]]);
    expect(await resources(toy.stack)).toEqual(["a"]);
  });

  test("after a replacement whose delete failed, destroy deletes both", async () => {
    await using toy = await halfReplaced(engine);
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([["configure()", "delete(a: x#1)", "delete(a: x#1)"]]);
    expect(await resources(toy.stack)).toEqual([]);
  });

  test("a delete that fails keeps the resource, and what it needs", async () => {
    await using toy = await made(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy({ ...quick, env: { TOY_DELETE: "fail" } });
    expect(run.ok).toBe(false);
    expect(toy.calls()).toEqual([["configure()", "delete(w: 1#1)"]]);
    expect(await resources(toy.stack)).toEqual(["a", "w"]);
  });
});

const quick = { skipPreview: true };

async function made(engine: Engine, program = `thing("a", { tag: "x" })`, config = {}) {
  const toy = await openToy(engine, { config });
  toy.program(program);
  expect((await toy.stack.up(quick)).ok).toBe(true);
  toy.calls();
  return toy;
}

async function halfMade(engine: Engine) {
  const toy = await openToy(engine);
  toy.program(`thing("a", { tag: "x" })`);
  expect((await toy.stack.up({ ...quick, env: { TOY_CREATE: "half" } })).exitCode).not.toBe(0);
  return toy;
}

async function halfReplaced(engine: Engine) {
  const toy = await made(engine);
  const run = await toy.stack.up({ ...quick, replace: [urnOf("a")], env: { TOY_DELETE: "fail" } });
  expect(run.ok).toBe(false);
  toy.calls();
  return toy;
}

async function stateOf({ stack }: Toy, name: string) {
  return (await stack.export()).deployment.resources.find(({ urn }) => urn === urnOf(name));
}

/** Names of the things in the state. */
async function resources(stack: EngineStack) {
  const things = (await stack.export()).deployment.resources.filter(({ urn }) => urn.includes("toy:Thing"));
  return things.map(({ urn }) => urn.split("::").at(-1)).sort();
}
