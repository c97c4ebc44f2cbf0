import { existsSync } from "node:fs";
import { join } from "node:path";
import { readReceipts } from "../demo/receipts";
import { type DeploymentResource, engineFor, type EngineStack, testProject } from "../engine";
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
  const stack = await engineFor().open({
    projectDir: project.projectDir,
    stateDir: project.stateDir,
    stack: "dev",
    env: {
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
      SUPERMEMORY_RECEIPTS: receipts,
    },
  });
  try {
    emulator.seed({ containers: { ...bystanders, ...story.written } });
    if (story.before !== undefined) expectOk(await stack.up(direct));
    project.setProgram(story.program(story.args));
    if (story.fault !== undefined) emulator.addFault(story.fault);
    const last = await stack.up({ ...direct, ...(story.env === undefined ? {} : { env: story.env }) });
    if (last.ok === (story.fault !== undefined))
      throw new Error(`unexpected result in the story ${story.name}:\n${last.output}`);
    if (story.refreshed !== undefined) {
      emulator.seed({ containers: story.refreshed });
      expectOk(await stack.refresh(direct));
    }
    const stored = await storedBy(stack, story);
    const account = { ...bystanders, ...story.later };
    emulator.reset();
    emulator.seed({ containers: account });
    const before = receiptsIn(receipts).length;
    expectOk(await stack.destroy(direct));
    const [receipt] = receiptsIn(receipts).slice(before);
    const destroyed = { deletedCount: receipt?.deletedCount ?? 0, containers: emulator.containers() };
    return { ...stored, account, destroyed };
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
  const provider = explicitInstance(resources, found);
  const { id, inputs, outputs, urn } = found;
  return { name, type, args, urn, id, inputs, outputs, ...(provider === undefined ? {} : { provider }) };
}

/** The arguments of an explicit provider instance. */
function explicitInstance(resources: readonly DeploymentResource[], { provider = "" }: DeploymentResource) {
  const instance = resources.find(({ urn }) => provider.startsWith(`${urn}::`) && !urn.endsWith("::default"));
  if (instance === undefined) return undefined;
  return Object.fromEntries(Object.entries(instance.inputs).map(([key, value]) => [key, String(value)]));
}

/** Empty before the first purge, which creates the file. */
function receiptsIn(path: string): ReturnType<typeof readReceipts> {
  return existsSync(path) ? readReceipts(path) : [];
}
