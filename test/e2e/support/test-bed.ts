import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import Supermemory from "supermemory";
import type { Emulator, EmulatorOptions, RecordedRequest } from "../../../emulator";
import {
  type ConfigValue,
  copiedProject,
  type DeploymentResource,
  type Engine,
  type EngineStack,
  type Run,
  type RunOptions,
  testProject,
  type TestProject,
} from "../../engine";
import { openEmulator } from "../../wire/emulator";
import { type Api, v3, v5 } from "./apis";
import { direct, expectOk } from "./runs";

export interface TestBedOptions {
  /** Text of the program; see `purgeProgram`. For an example its folder, which is copied: "examples/quickstart". */
  readonly program: string | { readonly example: string };
  /** Documents that the application writes before anything runs, by tag. */
  readonly written?: Readonly<Record<string, number>>;
  /** With this, `up` runs once; then the application writes these documents, and `mark` is called. */
  readonly writtenAfterUp?: Readonly<Record<string, number>>;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stack?: string;
  readonly emulator?: Omit<EmulatorOptions, "v3">;
}

/** What one scenario runs on: an emulated account, an application that writes to it, a project and its stack. */
export interface TestBed {
  readonly emulator: Emulator;
  readonly stack: EngineStack;
  readonly project: TestProject;
  /** `up` without a preview; throws with the whole output when it fails. */
  readonly up: (options?: RunOptions) => Promise<Run>;
  /** `destroy` without a preview; throws with the whole output when it fails. */
  readonly destroy: (options?: RunOptions) => Promise<Run>;
  /** The application writes documents under a tag. */
  readonly write: (containerTag: string, documents: number) => Promise<void>;
  /** The requests since `mark` (or the beginning). */
  readonly requests: () => readonly RecordedRequest[];
  /** Those of `requests` that can delete. */
  readonly deletes: () => readonly RecordedRequest[];
  /** Forgets the requests so far. */
  readonly mark: () => void;
  /** Documents under a tag, as the emulator holds them. */
  readonly count: (containerTag: string) => number;
  /** The ContainerPurge or CleanupPolicy of this name in the state. */
  readonly resource: (name?: string) => Promise<DeploymentResource>;
  /** Its outputs. */
  readonly outputs: (name?: string) => Promise<DeploymentResource["outputs"]>;
  readonly receipts: () => readonly unknown[];
  /** The first receipt, from a process that nothing waits for; fails when there is none within 20 s. */
  readonly receipt: () => Promise<unknown>;
  readonly openStack: (stack: string) => Promise<EngineStack>;
  /** Ends everything. Fails unless the bystander containers are unchanged and every fault was hit. */
  readonly close: () => Promise<void>;
}

/** Containers that no scenario is about; nothing may touch them. */
const bystanders = { "pr-4": 3, "pr-420": 2, production: 5 };

export async function openTestBed(engine: Engine, api: Api, options: TestBedOptions): Promise<TestBed> {
  const emulator = await openEmulator({ ...options.emulator, ...api.emulator });
  const { program } = options;
  const project = typeof program === "string" ? testProject({ program }) : copiedProject(program.example);
  const receipts = join(project.stateDir, "receipts.jsonl");
  const write = api === v3 ? officialClient(emulator) : clientOfV5(emulator);
  const writeAll = async (written: Readonly<Record<string, number>> = {}): Promise<void> => {
    for (const [tag, documents] of Object.entries(written)) await write(tag, documents);
  };
  await writeAll({ ...bystanders, ...options.written });
  const before = Object.keys(bystanders).map((tag) => ids(emulator, tag));
  const env = {
    SUPERMEMORY_API_KEY: emulator.apiKey,
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_RECEIPTS: receipts,
    ...options.env,
  };
  const config = { ...api.config, ...options.config };
  const opened: EngineStack[] = [];
  const openStack = async (name: string): Promise<EngineStack> => {
    const { projectDir, stateDir } = project;
    const handle = await engine.open({ projectDir, stateDir, stack: name, env, config });
    opened.push(handle);
    return handle;
  };
  const stack = await openStack(options.stack ?? "dev");
  let from = emulator.requests.length;
  const requests = (): readonly RecordedRequest[] => emulator.requests.slice(from);
  const resource = async (name = "memory"): Promise<DeploymentResource> => {
    const { resources } = (await stack.export()).deployment;
    const found = resources.find(
      ({ urn }) => /:(ContainerPurge|CleanupPolicy)::/.test(urn) && urn.endsWith(`::${name}`),
    );
    if (found === undefined) throw new Error(`the state has no resource ${name}`);
    return found;
  };
  const end = async (): Promise<void> => {
    for (const handle of opened) await handle.close();
    await emulator.close();
    project.close();
  };
  const bed: TestBed = {
    ...{ emulator, stack, project, write, requests, resource, openStack },
    up: async (more) => expectOk(await stack.up({ ...direct, ...more })),
    destroy: async (more) => expectOk(await stack.destroy({ ...direct, ...more })),
    deletes: () => requests().filter(({ method }) => method === "DELETE"),
    mark: () => {
      from = emulator.requests.length;
    },
    count: (tag) => ids(emulator, tag).length,
    outputs: async (name) => (await resource(name)).outputs,
    receipts: () => receiptsIn(receipts),
    receipt: async () => {
      const endsAt = Date.now() + 20_000;
      for (;;) {
        const [first] = existsSync(receipts) ? receiptsIn(receipts) : [];
        if (first !== undefined) return first;
        if (Date.now() > endsAt) throw new Error("there is no receipt");
        await setTimeout(20);
      }
    },
    close: async () => {
      await end();
      const unhit = emulator.unhitFaults();
      const used = emulator.requests.map((request) => request.api);
      const after = Object.keys(bystanders).map((tag) => ids(emulator, tag));
      expect(after).toEqual(before);
      expect(unhit).toEqual([]);
      if (api === v5) expect(used).not.toContain("v3");
    },
  };
  if (options.writtenAfterUp === undefined) return bed;
  try {
    await bed.up();
    await writeAll(options.writtenAfterUp);
    bed.mark();
    return bed;
  } catch (error) {
    await end();
    throw error;
  }
}

type Write = TestBed["write"];

function officialClient({ apiKey, url }: Emulator): Write {
  const client = new Supermemory({ apiKey, baseURL: url, maxRetries: 0 });
  return async (containerTag, documents) => {
    if (documents > 0) await client.documents.batchAdd({ containerTag, documents: notes(containerTag, documents) });
  };
}

/** The official client knows only v3. */
function clientOfV5({ apiKey, url }: Emulator): Write {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  return async (containerTag, documents) => {
    if (documents === 0) return;
    const body = JSON.stringify({ documents: notes(containerTag, documents) });
    const { status } = await fetch(`${url}/ns/${containerTag}/document/batch`, { method: "POST", headers, body });
    expect(status).toBe(200);
  };
}

function notes(containerTag: string, documents: number) {
  return Array.from({ length: documents }, (_, index) => ({ content: `note ${index} of ${containerTag}` }));
}

function receiptsIn(path: string): readonly unknown[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}

function ids(emulator: Emulator, tag: string): readonly string[] {
  return emulator.documents(tag).map(({ id }) => id);
}
