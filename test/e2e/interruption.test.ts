import type { Emulator } from "../../emulator";
import type { EngineStack, Run, RunOptions } from "../engine";
import { v3, v5 } from "./support/apis";
import { direct, expectFailed, expectOk, purgeProgram } from "./support/runs";
import { describeScenarios, type Scene } from "./support/scenarios";

const dependent = `new ContainerPurge("other", { containerTags: ["pr-43"] }, { dependsOn: memory });\n`;
const two = purgeProgram({ containerTags: ["pr-42"] }) + dependent;
/** One resource whose purge takes at least six deletes, one after the other. */
const tags = ["pr-51", "pr-52", "pr-53", "pr-54", "pr-55", "pr-56"];
const six = {
  program: purgeProgram({ containerTags: tags }),
  written: Object.fromEntries(tags.map((tag) => [tag, 2])),
  config: { "supermemory:concurrency": "1" },
};

const scenarios = ({ current, open, scenario, onBoth }: Scene): void => {
  onBoth("up: the first Ctrl-C lets the running purge end and be recorded, and touches nothing else", async () => {
    const { count, deletes, emulator, stack } = await open({ program: two, written: { "pr-42": 4, "pr-43": 3 } });

    const run = await interrupted(emulator, (options) => stack.up(options), ["first"]);

    expectFailed(run);
    expect([count("pr-42"), count("pr-43")]).toEqual([0, 3]);
    expect(deletes()).toHaveLength(1);
    expect((await current().resource()).outputs).toMatchObject({ deletedCount: 4, pending: [] });
    await expect(current().resource("other")).rejects.toThrow("no ContainerPurge");
    expectOk(await stack.up(direct));
    expect(count("pr-43")).toBe(0);
  });

  scenario(
    "destroy: the first Ctrl-C lets the running purge end and be recorded, and touches nothing else",
    async () => {
      const { count, deletes, emulator, mark, stack, write } = await open({ program: two });
      expectOk(await stack.up(direct));
      await write("pr-42", 4);
      await write("pr-43", 3);
      mark();

      await interrupted(emulator, (options) => stack.destroy(options), ["first"]);

      expect([count("pr-42"), count("pr-43")]).toEqual([4, 0]);
      expect(deletes()).toHaveLength(1);
      expect((await current().resource()).outputs).toMatchObject({ containerTags: ["pr-42"] });
      await expect(current().resource("other")).rejects.toThrow("no ContainerPurge");
      expectOk(await stack.destroy(direct));
      expect(count("pr-42")).toBe(0);
    },
  );

  scenario("the second Ctrl-C stops the purge before its end, and the next up does the rest", async () => {
    const { emulator, stack } = await open(six);

    const run = await interrupted(emulator, (options) => stack.up(options), ["first", "second"]);

    expectFailed(run);
    expect(remaining(emulator).length).toBeGreaterThan(0);
    await expect(current().resource()).rejects.toThrow("no ContainerPurge");
    await finishes(stack, emulator);
  });

  scenario("a killed engine gets no further delete sent, and the next up does the rest", async () => {
    const { deletes, emulator, stack } = await open(six);
    const kill = new AbortController();
    emulator.addFault(heldDelete);
    const running = stack.up({ ...direct, killSignal: kill.signal });
    await emulator.whenHeld(1, 60_000);

    kill.abort();
    expectFailed(await running);
    emulator.release();

    expect(await current().receipt()).toMatchObject({ deletedCount: 2 });
    expect(deletes()).toHaveLength(1);
    expect(remaining(emulator)).toHaveLength(5);
    await stack.unlock();
    await finishes(stack, emulator);
  });
};

describeScenarios("An interrupted command", [v3, v5], scenarios, { interruption: true });

/** The first delete is done, but its answer waits until the test lets it go. */
const heldDelete = { match: { method: "DELETE" }, then: { kind: "slow", when: "afterEffect" } } as const;
/** Each of the next takes a moment, so that a purge that goes on all the same is seen to. */
const slowDeletes = { match: { method: "DELETE" }, times: 5, then: { kind: "slow", ms: 200 } } as const;

/** Runs a command that is interrupted while its first delete waits for the answer; the answer comes when that was noted. */
async function interrupted(
  emulator: Emulator,
  command: (options: RunOptions) => Promise<Run>,
  presses: readonly ("first" | "second")[],
): Promise<Run> {
  const [first, second] = [new AbortController(), new AbortController()];
  emulator.addFault(heldDelete);
  const slow = emulator.addFault(slowDeletes);
  const onOutput = (text: string) => {
    if (text.includes("cancelling") && presses.includes("second")) second.abort();
    else if (/cancelling|terminating/.test(text)) emulator.release();
  };
  const running = command({ ...direct, signal: first.signal, secondSignal: second.signal, onOutput });
  await emulator.whenHeld(1, 60_000);
  first.abort();
  const run = await running;
  slow.remove();
  return run;
}

function remaining(emulator: Emulator): readonly string[] {
  return tags.filter((tag) => emulator.documents(tag).length > 0);
}

async function finishes(stack: EngineStack, emulator: Emulator): Promise<void> {
  expectOk(await stack.up(direct));
  expect(remaining(emulator)).toEqual([]);
}
