import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeOnBothEngines } from "./engines";
import { openToy, type Toy } from "./toy";
import { openMade, quick, thingsIn } from "./toy-stack";
import { type Engine } from "./types";

const cancellation = (engine: Engine): void => {
  test("a cancelled up finishes the running call, creates nothing more, and fails", async () => {
    await using toy = await openToy(engine);
    toy.program(`const a = thing("a", { tag: "x", ${saying("create")} }); thing("w", { tag: a.made });`);
    const run = await toy.stack.up({ ...quick, ...cancelledWhenRunning(toy, engine) });
    expect(toy.calls()).toEqual([["configure()", "check(a: {} -> x)", "create(a: x)"]]);
    expect(run.ok).toBe(false);
    expect(run.output).toContain("error: update canceled");
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });

  test("a cancelled destroy finishes the running call, keeps the other resources, and succeeds", async () => {
    await using toy = await openMade(
      engine,
      `const a = thing("a", { tag: "x" }); thing("w", { tag: a.made, ${saying("delete")} });`,
    );
    const run = await toy.stack.destroy({ ...quick, ...cancelledWhenRunning(toy, engine) });
    expect(toy.calls()).toEqual([["configure()", "delete(w: 1#1)"]]);
    expect(run.ok).toBe(true);
    expect(await thingsIn(toy.stack)).toEqual(["a"]);
  });
};

describeOnBothEngines("cancellation", cancellation, { interruption: true });

function saying(on: "create" | "delete"): string {
  return `say: [{ on: "${on}", text: "holding on", ephemeral: true }]`;
}

/** Options of a run that is cancelled while a call is running; the call ends after the engine has seen the cancellation. */
function cancelledWhenRunning({ project }: Toy, engine: Engine) {
  const cancel = new AbortController();
  const hold = join(project.stateDir, "go");
  const onOutput = (text: string) => {
    if (text.includes("holding on")) cancel.abort();
    const noted = engine.name === "cli" ? text.includes("cancelling") : cancel.signal.aborted;
    if (noted) writeFileSync(hold, "");
  };
  return { signal: cancel.signal, env: { TOY_HOLD: hold }, onOutput };
}
