import type { Emulator } from "../../emulator";
import type { Run, RunOptions } from "../engine";
import { bothApis } from "./support/apis";
import { direct, expectFailed, purgeProgram } from "./support/runs";
import { describeScenarios, type Scene } from "./support/scenarios";

const dependent = `new ContainerPurge("other", { containerTags: ["pr-43"] }, { dependsOn: memory });\n`;
const two = purgeProgram({ containerTags: ["pr-42"] }) + dependent;
/** One resource whose purge sends at least six deletes, one after the other. */
const tags = ["pr-51", "pr-52", "pr-53", "pr-54", "pr-55", "pr-56"];
const six = {
  program: purgeProgram({ containerTags: tags }),
  written: Object.fromEntries(tags.map((tag) => [tag, 2])),
  config: { "supermemory:concurrency": "1" },
};

const scenarios = ({ open, onBoth, scenario }: Scene): void => {
  onBoth("up: the first Ctrl-C lets the running purge end, records it, and starts no other", async () => {
    const bed = await open({ program: two, written: { "pr-42": 4, "pr-43": 3 } });
    const { count, deletes, emulator, outputs, resource, stack, up } = bed;

    const run = await interrupted(emulator, (options) => stack.up(options), ["first"]);

    expectFailed(run);
    expect([count("pr-42"), count("pr-43")]).toEqual([0, 3]);
    expect(deletes()).toHaveLength(1);
    expect(await outputs()).toMatchObject({ deletedCount: 4, pending: [] });
    await expect(resource("other")).rejects.toThrow("no resource");
    await up();
    expect(count("pr-43")).toBe(0);
  });

  scenario("the second Ctrl-C stops the running purge, and the next up deletes the rest", async () => {
    const { emulator, resource, stack, up } = await open(six);

    const run = await interrupted(emulator, (options) => stack.up(options), ["first", "second"]);

    expectFailed(run);
    expect(remaining(emulator).length).toBeGreaterThan(0);
    await expect(resource()).rejects.toThrow("no resource");
    await up();
    expect(remaining(emulator)).toEqual([]);
  });

  scenario("no further delete is sent after the engine was killed, and the next up deletes the rest", async () => {
    const { deletes, emulator, receipt, stack, up } = await open(six);
    const kill = new AbortController();
    emulator.addFault(heldDelete);
    const running = stack.up({ ...direct, killSignal: kill.signal });
    await emulator.whenHeld(1, 60_000);

    kill.abort();
    expectFailed(await running);
    emulator.release();

    expect(await receipt()).toMatchObject({ deletedCount: 2 });
    expect(deletes()).toHaveLength(1);
    expect(remaining(emulator)).toHaveLength(5);
    await stack.unlock();
    await up();
    expect(remaining(emulator)).toEqual([]);
  });
};

describeScenarios("An interrupted command", bothApis, scenarios, { interruption: true });

/** The first delete takes effect, but its response is held until the test releases it. */
const heldDelete = { match: { method: "DELETE" }, then: { kind: "slow", when: "afterEffect" } } as const;
/** The next deletes are slow, so that a purge that wrongly continues is noticed. */
const slowDeletes = { match: { method: "DELETE" }, times: 5, then: { kind: "slow", ms: 200 } } as const;

/** Interrupts a command while the response to its first delete is held. The response is released once the engine noticed. */
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
