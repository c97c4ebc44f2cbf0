import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type LocalWorkspace, Stack } from "@pulumi/pulumi/automation";
import type { ConfigValue, EngineStack, Run, RunOptions, StackOptions } from "../types";
import { when } from "../embedded/program/waits";
import { deploymentSchema, type Deployment } from "./deployment";
import { readEvents } from "./events";
import { CliProcess } from "./process";

const endings = [".json", ".json.bak", ".json.attrs", ".json.bak.attrs"];

export interface CliStackOptions {
  readonly options: StackOptions;
  readonly workspace: LocalWorkspace;
  readonly project: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A stack of the real CLI. The Automation API keeps its configuration and state; the commands are spawned, since the
 * Automation API's own leave out the preview of an `up`.
 */
export class CliStack implements EngineStack {
  #stack: string;
  readonly #running = new Set<CliProcess>();
  readonly #killed = new Set<CliProcess>();
  #commands = 0;

  constructor(private readonly own: CliStackOptions) {
    this.#stack = own.options.stack;
  }

  async setConfig(key: string, value: ConfigValue): Promise<void> {
    await this.setAllConfig({ [key]: value });
  }

  async setAllConfig(config: Readonly<Record<string, ConfigValue>>): Promise<void> {
    const values = Object.entries(config).map(([key, value]) => {
      return [key, typeof value === "string" ? { value } : { value: value.secret, secret: true }] as const;
    });
    if (values.length > 0) await this.own.workspace.setAllConfig(this.#stack, Object.fromEntries(values));
  }

  preview(options: RunOptions = {}): Promise<Run> {
    return this.#run("preview", options);
  }

  up(options: RunOptions = {}): Promise<Run> {
    return this.#run("up", options);
  }

  refresh(options: RunOptions = {}): Promise<Run> {
    return this.#run("refresh", options);
  }

  destroy(options: RunOptions = {}): Promise<Run> {
    return this.#run("destroy", options);
  }

  async rename(stack: string): Promise<void> {
    const { options, workspace } = this.own;
    await (await Stack.select(this.#stack, workspace)).rename({ stackName: stack });
    const oldState = this.#stateFile;
    this.#stack = stack;
    await Promise.all(endings.map((end) => rm(oldState + end, { force: true })));
    await rm(join(options.projectDir, `Pulumi.${options.stack}.yaml`), { force: true });
  }

  async forget(urn: string): Promise<void> {
    await this.#runQuietly(["state", "delete", urn, "--yes", "--stack", this.#stack]);
  }

  async unlock(): Promise<void> {
    await this.#runQuietly(["cancel", "--yes", "--stack", this.#stack]);
  }

  async export(): Promise<Deployment> {
    return deploymentSchema.parse(await this.own.workspace.exportStack(this.#stack));
  }

  rawState(): Promise<string> {
    return readFile(`${this.#stateFile}.json`, "utf8");
  }

  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.own.workspace.stackOutputs(this.#stack);
    return Object.fromEntries(Object.entries(outputs).map(([key, output]): [string, unknown] => [key, output.value]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.stop()));
    for (const process of this.#killed) process.removeOrphans();
    const { home, options } = this.own;
    const files = endings.map((end) => this.#stateFile + end);
    files.push(join(options.projectDir, `Pulumi.${this.#stack}.yaml`), home);
    await Promise.all(files.map((path) => rm(path, { recursive: true, force: true })));
  }

  get #stateFile(): string {
    return join(this.own.options.stateDir, ".pulumi", "stacks", this.own.project, this.#stack);
  }

  /** @throws Error with the output if the command fails */
  async #runQuietly(args: readonly string[]): Promise<void> {
    const { env, options } = this.own;
    const { exitCode, output } = await new CliProcess({ args, env, cwd: options.projectDir, onOutput: undefined })
      .exited;
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed:\n${output}`);
  }

  async #run(command: Command, options: RunOptions): Promise<Run> {
    this.#commands += 1;
    const eventLog = join(this.own.home, `events-${this.#commands}.json`);
    const env = { ...this.own.env, ...options.env, PULUMI_DEBUG_COMMANDS: "true" };
    const args = [...runArguments(command, this.#stack, options), "--event-log", eventLog];
    const process = new CliProcess({ args, env, cwd: this.own.options.projectDir, onOutput: options.onOutput });
    this.#running.add(process);
    const over = new AbortController();
    for (const signal of [options.signal, options.secondSignal]) {
      when(signal, over.signal, () => {
        process.interrupt();
      });
    }
    when(options.killSignal, over.signal, () => {
      process.kill();
      this.#killed.add(process);
    });
    try {
      const { exitCode, output } = await process.exited;
      return { ok: exitCode === 0, output, ...(await readEvents(eventLog)) };
    } finally {
      over.abort();
      this.#running.delete(process);
    }
  }
}

type Command = "preview" | "up" | "refresh" | "destroy";

function runArguments(command: Command, stack: string, options: RunOptions): readonly string[] {
  const { target = [], replace = [] } = options;
  const isPreview = command === "preview" || options.previewOnly === true;
  return [
    command,
    ...["--stack", stack, "--non-interactive", "--color", options.color === true ? "always" : "never"],
    ...(isPreview ? [] : ["--yes"]),
    ...(isPreview && command !== "preview" ? ["--preview-only"] : []),
    ...(options.skipPreview === true && !isPreview ? ["--skip-preview"] : []),
    ...(options.refresh === true && command !== "refresh" ? ["--refresh"] : []),
    ...(options.runProgram === true ? ["--run-program"] : []),
    ...target.flatMap((urn) => ["--target", urn]),
    ...replace.flatMap((urn) => ["--replace", urn]),
  ];
}
