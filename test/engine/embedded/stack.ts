import { cleanEnvironment } from "../environment";
import type { Deployment as Export } from "../cli/deployment";
import type { ConfigValue, EngineStack, Run, RunOptions, StackOptions } from "../types";
import { Deployment } from "./deployment";
import { PhaseText, type PhaseKind } from "./display/phase-text";
import { type Runtimes } from "./program/child-process";
import { readProject, type ProjectFile } from "./program/project-file";
import { when } from "./program/waits";
import { renamed } from "./state/resource-state";
import { StateFile } from "./state/state-file";
import { rootType } from "./state/urn";
import { withoutSecrets } from "./state/values";
import { Selection } from "./steps/selection";

type Kind = PhaseKind["kind"];

/** A stack of the embedded engine. Its configuration is in memory, its state in a file. */
export class EmbeddedStack implements EngineStack {
  readonly #project: ProjectFile;
  #state: StateFile;
  #config: Readonly<Record<string, ConfigValue>>;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(
    private options: StackOptions,
    private readonly runtimes: Runtimes,
  ) {
    this.#project = readProject(options.projectDir);
    this.#state = this.#stateOf(options);
    this.#config = options.config ?? {};
  }

  setConfig(key: string, value: ConfigValue): Promise<void> {
    this.#config = { ...this.#config, [key]: value };
    return Promise.resolve();
  }

  preview(options: RunOptions = {}): Promise<Run> {
    return this.#command("update", { ...options, previewOnly: true });
  }

  up(options: RunOptions = {}): Promise<Run> {
    return this.#command("update", { ...options, previewOnly: false });
  }

  refresh(options: RunOptions = {}): Promise<Run> {
    return this.#command("refresh", options);
  }

  destroy(options: RunOptions = {}): Promise<Run> {
    return this.#command("destroy", options);
  }

  rename(stack: string): Promise<void> {
    const before = this.#state;
    this.options = { ...this.options, stack };
    this.#state = this.#stateOf(this.options);
    this.#state.write(renamed(before.read(), stack, this.#project.name));
    before.remove();
    return Promise.resolve();
  }

  forget(urn: string): Promise<void> {
    this.#state.write(this.#state.read().filter((resource) => resource.urn !== urn));
    return Promise.resolve();
  }

  unlock(): Promise<void> {
    return Promise.resolve();
  }

  export(): Promise<Export> {
    const resources = this.#state.read().map((resource) => ({
      ...resource,
      inputs: withoutSecrets(resource.inputs),
      outputs: withoutSecrets(resource.outputs),
    }));
    return Promise.resolve({ version: 3, deployment: { resources } });
  }

  rawState(): Promise<string> {
    return Promise.resolve(this.#state.text());
  }

  outputs(): Promise<Record<string, unknown>> {
    const root = this.#state.read().find((resource) => resource.type === rootType);
    return Promise.resolve({ ...withoutSecrets(root?.outputs ?? {}) });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
    this.#state.remove();
  }

  #stateOf({ stack, stateDir }: StackOptions): StateFile {
    return new StateFile(stateDir, this.#project.name, stack);
  }

  #command(kind: Kind, options: RunOptions): Promise<Run> {
    const run = this.#phases(kind, options).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }

  async #phases(kind: Kind, options: RunOptions): Promise<Run> {
    if (options.previewOnly === true) return this.#phase(kind, true, options);
    if (options.skipPreview === true) return this.#phase(kind, false, options);
    const preview = await this.#phase(kind, true, options);
    if (!preview.ok) return preview;
    const run = await this.#phase(kind, false, options);
    return { ...run, output: preview.output + run.output };
  }

  async #phase(kind: Kind, dryRun: boolean, options: RunOptions): Promise<Run> {
    const text = new PhaseText({ kind, dryRun, color: options.color ?? false });
    const tell = options.onOutput ?? (() => undefined);
    const deployment = this.#deployment(kind, dryRun, options);
    const { log } = deployment;
    log.onDiagnostic = (message, row) => {
      if (message.ephemeral) tell(text.live(message, row));
    };
    const over = new AbortController();
    const announce = (signal: AbortSignal | undefined, word: string) => {
      when(signal, over.signal, () => {
        tell(`^C received; ${word}\n`);
      });
    };
    const header = text.header(this.options.stack);
    tell(header);
    const startedAt = Date.now();
    const running = deployment.run();
    this.#running.add(deployment.ended);
    announce(options.signal, "cancelling");
    announce(options.secondSignal, "terminating");
    const ok = await running;
    over.abort();
    const end = text.end(log, { ok, ms: Date.now() - startedAt });
    tell(end);
    return { ok, output: header + end, steps: log.steps, diagnostics: log.diagnostics };
  }

  #deployment(kind: Kind, dryRun: boolean, options: RunOptions): Deployment {
    const config = Object.entries(this.#config);
    const signals = options.signal === undefined ? [] : [options.signal];
    return new Deployment({
      runtimes: this.runtimes,
      mode: kind,
      dryRun,
      refresh: kind === "refresh" || options.refresh === true || this.#project.refresh,
      runProgram: kind === "update" || (kind === "destroy" && options.runProgram === true),
      project: this.#project,
      stack: this.options.stack,
      env: cleanEnvironment(this.options.env, options.env),
      config: Object.fromEntries(config.map(([key, value]) => [key, typeof value === "string" ? value : value.secret])),
      secretKeys: config.filter(([, value]) => typeof value !== "string").map(([key]) => key),
      selection: new Selection(options),
      resources: this.#state.read(),
      save: (resources) => {
        this.#state.write(resources);
      },
      signal: AbortSignal.any([this.#closing.signal, ...signals]),
      secondSignal: options.secondSignal,
      killSignal: options.killSignal,
    });
  }
}
