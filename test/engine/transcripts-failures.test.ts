import { describeOnBothEngines } from "./engines";
import { openToy, urnOf } from "./toy";
import { openMade, quick, stateOf, thingsIn } from "./toy-stack";
import { type Engine } from "./types";

/** The call sequences of the real engine, continued: source and date as in transcripts-up.test.ts. */
describeOnBothEngines("transcripts: failures", (engine) => {
  test("a resource whose create fails is not in the state", async () => {
    await using toy = await openToy(engine);
    toy.program(`thing("a", { tag: "x" })`);
    const run = await toy.stack.up({ ...quick, env: { TOY_CREATE: "fail" } });
    expect(run.ok).toBe(false);
    expect(run.diagnostics).toContainEqual(
      expect.objectContaining({ severity: "error", message: "create failed", urn: urnOf("a") }),
    );
    expect(await thingsIn(toy.stack)).toEqual([]);
  });

  test("a resource whose create fails halfway is kept, and the next up updates it", async () => {
    await using toy = await halfMade(engine);
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)", "create(a: x)"]]);
    expect(await stateOf(toy, "a")).toMatchObject({ id: "a-id", outputs: { made: 1 }, initErrors: ["only half done"] });
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)", "update(a: x#1 -> x)"]]);
    expect((await stateOf(toy, "a"))?.initErrors ?? []).toEqual([]);
  });

  test("after a create that failed halfway, a refresh prevents the update", async () => {
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
    await using toy = await openMade(engine);
    toy.program(`thing("a", { tag: "y" })`);
    const run = await toy.stack.up({ ...quick, env: { TOY_UPDATE: "half" } });
    expect(run.ok).toBe(false);
    expect(await stateOf(toy, "a")).toMatchObject({ inputs: { tag: "x" }, outputs: { tag: "y", made: 2 } });
    toy.calls();
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> y)", "diff(a: y#2 -> y)", "update(a: y#2 -> y)"]]);
  });

  test("an update that fails keeps the old state", async () => {
    await using toy = await openMade(engine);
    toy.program(`thing("a", { tag: "y" })`);
    await toy.stack.up({ ...quick, env: { TOY_UPDATE: "fail" } });
    expect(await stateOf(toy, "a")).toMatchObject({ inputs: { tag: "x" }, outputs: { tag: "x", made: 1 } });
  });

  test("after a replacement whose delete failed, up deletes the old one", async () => {
    await using toy = await halfReplaced(engine);
    await toy.stack.up(quick);
    expect(toy.calls()).toEqual([["configure()", "check(a: x -> x)", "diff(a: x#1 -> x)", "delete(a: x#1)"]]);
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });

  test("after a replacement whose delete failed, destroy deletes both", async () => {
    await using toy = await halfReplaced(engine);
    await toy.stack.destroy(quick);
    expect(toy.calls()).toEqual([["configure()", "delete(a: x#1)", "delete(a: x#1)"]]);
    expect(await thingsIn(toy.stack)).toEqual([]);
  });

  test("a delete that fails keeps the resource and its dependencies", async () => {
    await using toy = await openMade(engine, `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made });`);
    const run = await toy.stack.destroy({ ...quick, env: { TOY_DELETE: "fail" } });
    expect(run.ok).toBe(false);
    expect(toy.calls()).toEqual([["configure()", "delete(w: 1#1)"]]);
    expect(await thingsIn(toy.stack)).toEqual(["a", "w"]);
  });
});

async function halfMade(engine: Engine) {
  const toy = await openToy(engine);
  toy.program(`thing("a", { tag: "x" })`);
  expect((await toy.stack.up({ ...quick, env: { TOY_CREATE: "half" } })).ok).toBe(false);
  return toy;
}

async function halfReplaced(engine: Engine) {
  const toy = await openMade(engine);
  const run = await toy.stack.up({ ...quick, replace: [urnOf("a")], env: { TOY_DELETE: "fail" } });
  expect(run.ok).toBe(false);
  toy.calls();
  return toy;
}
