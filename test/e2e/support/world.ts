import { readFileSync } from "node:fs";
import { join } from "node:path";
import Supermemory from "supermemory";
import { createEmulator, type Emulator, type EmulatorOptions, type RecordedRequest } from "../../../emulator";
import {
  type ConfigValue,
  describeOnEngines,
  type DeploymentResource,
  type Engine,
  type EngineStack,
  type Run,
  testProject,
  type TestProject,
} from "../../engine";

export interface WorldOptions {
  /** Text of the program; see `purgeProgram`. */
  readonly program: string;
  /** Documents that the application writes before anything runs, by tag. */
  readonly written?: Readonly<Record<string, number>>;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stack?: string;
  readonly emulator?: EmulatorOptions;
}

/** One scenario's surroundings: an emulated account, an application that writes, a project and its stack. */
export interface World {
  readonly emulator: Emulator;
  readonly stack: EngineStack;
  readonly project: TestProject;
  /** The official client writes documents under a tag. */
  readonly write: (containerTag: string, documents: number) => Promise<void>;
  /** The requests since `mark` (or the beginning) that can delete. */
  readonly deletes: () => readonly RecordedRequest[];
  /** Forgets which requests were sent so far. */
  readonly mark: () => void;
  readonly requests: () => readonly RecordedRequest[];
  /** Documents under a tag, as the emulator holds them. */
  readonly count: (containerTag: string) => number;
  /** The resource in the state, by its name. */
  readonly resource: (name?: string) => Promise<DeploymentResource>;
  readonly receipts: () => readonly unknown[];
  readonly openStack: (stack: string) => Promise<EngineStack>;
  /** Ends everything, and fails unless the bystander containers are as they were and every fault was hit. */
  readonly close: () => Promise<void>;
}

/** Opens a scenario's world, and gives the one that is open. */
export interface Scene {
  readonly open: (options: WorldOptions) => Promise<World>;
  readonly current: () => World;
}

/** Declares scenarios for every engine; each world is closed after its test, with the checks that closing makes. */
export function describeScenarios(name: string, scenarios: (scene: Scene) => void): void {
  describeOnEngines(name, (engine) => {
    let world: World | undefined;
    afterEach(async () => {
      await world?.close();
      world = undefined;
    });
    scenarios({
      open: async (options) => (world = await openWorld(engine, options)),
      current: () => {
        if (world === undefined) throw new Error("no world is open");
        return world;
      },
    });
  });
}

/** Containers beside the ones that a scenario is about; nothing may ever touch them. */
const bystanders = { "pr-4": 3, "pr-420": 2, production: 5 };

async function openWorld(engine: Engine, options: WorldOptions): Promise<World> {
  const emulator = await createEmulator(options.emulator);
  const project = testProject({ program: options.program });
  const receipts = join(project.stateDir, "receipts.jsonl");
  const client = new Supermemory({ apiKey: emulator.apiKey, baseURL: emulator.url, maxRetries: 0 });
  const write = async (containerTag: string, documents: number): Promise<void> => {
    const texts = Array.from({ length: documents }, (_, index) => ({ content: `note ${index} of ${containerTag}` }));
    if (documents > 0) await client.documents.batchAdd({ containerTag, documents: texts });
  };
  for (const [tag, documents] of Object.entries({ ...bystanders, ...options.written })) await write(tag, documents);
  const before = Object.keys(bystanders).map((tag) => ids(emulator, tag));
  const env = {
    SUPERMEMORY_API_KEY: emulator.apiKey,
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_RECEIPTS: receipts,
    ...options.env,
  };
  const opened: EngineStack[] = [];
  const openStack = async (stack: string): Promise<EngineStack> => {
    const { projectDir, stateDir } = project;
    const handle = await engine.open({
      projectDir,
      stateDir,
      stack,
      env,
      ...(options.config && { config: options.config }),
    });
    opened.push(handle);
    return handle;
  };
  const stack = await openStack(options.stack ?? "dev");
  let from = emulator.requests.length;
  const requests = (): readonly RecordedRequest[] => emulator.requests.slice(from);
  return {
    emulator,
    stack,
    project,
    write,
    requests,
    deletes: () => requests().filter((request) => request.method === "DELETE"),
    mark: () => {
      from = emulator.requests.length;
    },
    count: (tag) => emulator.documents(tag).length,
    resource: async (name = "memory") => {
      const { deployment } = await stack.export();
      const found = deployment.resources.find((resource) => resource.urn.endsWith(`ContainerPurge::${name}`));
      if (found === undefined) throw new Error(`there is no ContainerPurge ${name} in the state`);
      return found;
    },
    receipts: () =>
      readFileSync(receipts, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line): unknown => JSON.parse(line)),
    openStack,
    close: async () => {
      for (const handle of opened) await handle.close();
      const unhit = emulator.unhitFaults();
      const after = Object.keys(bystanders).map((tag) => ids(emulator, tag));
      await emulator.close();
      project.close();
      expect(after).toEqual(before);
      expect(unhit).toEqual([]);
    },
  };
}

/** `up` without the preview that a person would see first: half the time of a scenario that is not about it. */
export const direct = { skipPreview: true } as const;

/** A program with one ContainerPurge of this name and these arguments, which exports what it deleted. */
export function purgeProgram(args: Readonly<Record<string, unknown>>, name = "memory", options = "{}"): string {
  return `const { ContainerPurge } = require("pulumi-supermemory");
const memory = new ContainerPurge(${JSON.stringify(name)}, ${JSON.stringify(args)}, ${options});
exports.deletedCount = memory.deletedCount;
`;
}

/** Fails with everything a person would have seen when the command did not go as wanted. */
export function expectOk(run: Run): void {
  if (!run.ok) throw new Error(`the command failed:\n${run.output}`);
}

export function expectFailed(run: Run): void {
  if (run.ok) throw new Error(`the command should have failed:\n${run.output}`);
}

/** The messages of a run, of one severity, status lines left out. */
export function messages(run: Run, severity: "info" | "warning" | "error"): readonly string[] {
  return run.diagnostics
    .filter((line) => line.severity === severity && !line.ephemeral)
    .map((line) => line.message.trim());
}

function ids(emulator: Emulator, tag: string): readonly string[] {
  return emulator.documents(tag).map((document) => document.id);
}
