import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readReceipts } from "../demo/receipts";
import { engineFor, type EngineStack, testProject } from "../engine";
import { direct, expectOk } from "../e2e/support/runs";
import { openEmulator } from "../wire/emulator";
import type { StoredState } from "./fixture";
import type { StateStory } from "./stories";

/** Containers that no story is about. Destroying a resource must keep them. */
const bystanders = { "pr-4": 3, "pr-420": 2 };

/** Runs a story with the built package, and records the state and the result of the destroy. */
export async function record(story: StateStory): Promise<StoredState> {
  const emulator = await openEmulator();
  const project = testProject({ program: story.program(story.before ?? story.args) });
  const receipts = join(project.stateDir, "receipts.jsonl");
  const { projectDir, stateDir } = project;
  const account = { SUPERMEMORY_API_KEY: emulator.apiKey, SUPERMEMORY_BASE_URL: emulator.url };
  const env = { ...account, SUPERMEMORY_RECEIPTS: receipts };
  const stack = await engineFor().open({ projectDir, stateDir, stack: "dev", env });
  try {
    emulator.seed({ containers: { ...bystanders, ...story.written } });
    if (story.before !== undefined) expectOk(await stack.up(direct));
    project.setProgram(story.program(story.args));
    if (story.fault !== undefined) emulator.addFault(story.fault);
    const last = await stack.up({ ...direct, env: story.env ?? {} });
    if (last.ok === (story.fault !== undefined))
      throw new Error(`unexpected result in the story ${story.name}:\n${last.output}`);
    if (story.refreshed !== undefined) {
      emulator.seed({ containers: story.refreshed });
      expectOk(await stack.refresh(direct));
    }
    const stored = await storedBy(stack, story);
    const later = { ...bystanders, ...story.later };
    emulator.reset();
    emulator.seed({ containers: later });
    rmSync(receipts, { force: true });
    expectOk(await stack.destroy(direct));
    // There is no receipt when nothing purges.
    const [receipt] = existsSync(receipts) ? readReceipts(receipts) : [];
    const destroyed = { deletedCount: receipt?.deletedCount ?? 0, containers: emulator.containers() };
    return { ...stored, account: later, destroyed };
  } finally {
    await stack.close();
    await emulator.close();
    project.close();
  }
}

async function storedBy(
  stack: EngineStack,
  { args, name, type }: StateStory,
): Promise<Omit<StoredState, "account" | "destroyed">> {
  const { resources } = (await stack.export()).deployment;
  const found = resources.find((resource) => resource.type.endsWith(`:${type}`));
  if (found?.id === undefined) throw new Error(`there is no ${type} in the state of the story ${name}`);
  const { id, inputs, outputs, urn, provider = "" } = found;
  const state = { name, type, args, urn, id, inputs, outputs };
  const explicit = resources.find((one) => provider.startsWith(`${one.urn}::`) && !one.urn.endsWith("::default"));
  if (explicit === undefined) return state;
  const given = Object.entries(explicit.inputs).map(([key, value]): [string, string] => [key, String(value)]);
  return { ...state, provider: Object.fromEntries(given) };
}
