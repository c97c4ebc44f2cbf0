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
  type RunOptions,
  testProject,
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
  /** Pulumi.yaml sets `options: { refresh: always }`. @default false */
  readonly refreshAlways?: boolean;
  readonly emulator?: Omit<EmulatorOptions, "v3">;
}

/** What one scenario runs on: an emulated account, an application that writes to it, a project and its stack. */
export type TestBed = Awaited<ReturnType<typeof openTestBed>>;
type Write = (containerTag: string, documents: number) => Promise<void>;

/** Containers that no scenario is about; nothing may touch them. */
const bystanders = { "pr-4": 3, "pr-420": 2, production: 5 };

export async function openTestBed(engine: Engine, api: Api, options: TestBedOptions) {
  const emulator = await openEmulator({ ...options.emulator, ...api.emulator });
  const { program, refreshAlways = false } = options;
  const project =
    typeof program === "string" ? testProject({ program, refreshAlways }) : copiedProject(program.example);
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
  const bed = {
    ...{ emulator, stack, project, openStack },
    write,
    requests,
    deletes: () => requests().filter(({ method }) => method === "DELETE"),
    mark: () => {
      from = emulator.requests.length;
    },
    /** `up` and `destroy` without a preview; they throw with the whole output when they fail. */
    up: async (more?: RunOptions) => expectOk(await stack.up({ ...direct, ...more })),
    destroy: async (more?: RunOptions) => expectOk(await stack.destroy({ ...direct, ...more })),
    count: (tag: string) => ids(emulator, tag).length,
    /** The ContainerPurge or CleanupPolicy of this name in the state. */
    resource,
    outputs: async (name?: string) => (await resource(name)).outputs,
    receipts: () => receiptsIn(receipts),
    /** The first receipt, from a process that nothing waits for; fails when there is none within 20 s. */
    receipt: async () => {
      const endsAt = Date.now() + 20_000;
      for (;;) {
        const [first] = existsSync(receipts) ? receiptsIn(receipts) : [];
        if (first !== undefined) return first;
        if (Date.now() > endsAt) throw new Error("there is no receipt");
        await setTimeout(20);
      }
    },
    /** Ends everything. Fails unless the bystander containers are unchanged and every fault was hit. */
    close: async () => {
      await end();
      expect(Object.keys(bystanders).map((tag) => ids(emulator, tag))).toEqual(before);
      expect(emulator.unhitFaults()).toEqual([]);
      if (api === v5) expect(emulator.requests.map((request) => request.api)).not.toContain("v3");
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
