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
  testProject,
  type TestProject,
} from "../../engine";
import { type Api, v3, v3EndsHere, v3Ending, type V3Ends, v3GoingAway, v5 } from "./apis";
import { openEmulator } from "../../wire/emulator";

export interface WorldOptions {
  /** Text of the program; see `purgeProgram`. For an example its folder, which is copied: "examples/quickstart". */
  readonly program: string | { readonly example: string };
  /** Documents that the application writes before anything runs, by tag. */
  readonly written?: Readonly<Record<string, number>>;
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stack?: string;
  readonly emulator?: Omit<EmulatorOptions, "v3">;
  /** When v3 ends, where it goes away. @default "at a delete" */
  readonly v3Ends?: V3Ends;
}

/** One scenario's surroundings: an emulated account, an application that writes, a project and its stack. */
export interface World {
  readonly emulator: Emulator;
  readonly stack: EngineStack;
  readonly project: TestProject;
  /** The application writes documents under a tag, over a generation that stays. */
  readonly write: (containerTag: string, documents: number) => Promise<void>;
  /** The requests since `mark` (or the beginning) that can delete; without the one that v3 ended with unheard. */
  readonly deletes: () => readonly RecordedRequest[];
  /** "POST pr-42" for each list of pr-42 since `mark`, "DELETE pr-42" for each delete, whatever the generation. */
  readonly sent: () => readonly string[];
  /** Forgets which requests were sent so far. */
  readonly mark: () => void;
  readonly requests: () => readonly RecordedRequest[];
  /** Documents under a tag, as the emulator holds them. */
  readonly count: (containerTag: string) => number;
  /** The resource in the state, by its name. */
  readonly resource: (name?: string) => Promise<DeploymentResource>;
  readonly receipts: () => readonly unknown[];
  /** The first receipt, from a process that nobody waits for; fails when there is none within 20 s. */
  readonly receipt: () => Promise<unknown>;
  readonly openStack: (stack: string) => Promise<EngineStack>;
  /** Ends everything, and fails unless the bystander containers are as they were and every fault was hit. */
  readonly close: () => Promise<void>;
}

/** Containers beside the ones that a scenario is about; nothing may ever touch them. */
const bystanders = { "pr-4": 3, "pr-420": 2, production: 5 };

export async function openWorld(engine: Engine, api: Api, options: WorldOptions): Promise<World> {
  const emulator = await openEmulator({ ...options.emulator, ...api.emulator });
  const { program } = options;
  const project = typeof program === "string" ? testProject({ program }) : copiedProject(program.example);
  const receipts = join(project.stateDir, "receipts.jsonl");
  const write = api === v3 ? officialClient(emulator) : clientOfV5(emulator);
  for (const [tag, documents] of Object.entries({ ...bystanders, ...options.written })) await write(tag, documents);
  if (api === v3GoingAway) emulator.addFault({ name: v3EndsHere, ...v3Ending(options.v3Ends ?? "at a delete") });
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
      config: { ...api.config, ...options.config },
    });
    opened.push(handle);
    return handle;
  };
  const stack = await openStack(options.stack ?? "dev");
  let from = emulator.requests.length;
  const requests = (): readonly RecordedRequest[] => emulator.requests.slice(from);
  const heard = () => requests().filter(({ fault, status }) => fault !== v3EndsHere || status !== 410);
  return {
    emulator,
    stack,
    project,
    write,
    requests,
    deletes: () => heard().filter((request) => request.method === "DELETE"),
    sent: () => heard().map(({ containerTags, method }) => `${method} ${containerTags.join(",")}`),
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
    openStack,
    close: async () => {
      for (const handle of opened) await handle.close();
      const unhit = emulator.unhitFaults();
      const used = emulator.requests.map((request) => request.api);
      const after = Object.keys(bystanders).map((tag) => ids(emulator, tag));
      await emulator.close();
      project.close();
      expect(after).toEqual(before);
      expect(unhit).toEqual([]);
      if (api === v5) expect(used).not.toContain("v3");
    },
  };
}

type Write = World["write"];

function officialClient({ apiKey, url }: Emulator): Write {
  const client = new Supermemory({ apiKey, baseURL: url, maxRetries: 0 });
  return async (containerTag, documents) => {
    if (documents > 0) await client.documents.batchAdd({ containerTag, documents: notes(containerTag, documents) });
  };
}

/** The official client knows v3 only. */
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
  return emulator.documents(tag).map((document) => document.id);
}
