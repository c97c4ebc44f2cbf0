import type { Emulator, EmulatorOptions } from "../../../emulator/index";
import { PartialFailure } from "../../../provider/dynamic/engine-errors";
import { messageOf } from "../../../provider/errors";
import {
  type CallOptions,
  type Checked,
  openProvider,
  type Properties,
  type ProviderCalls,
  storable,
} from "./host-calls";
import { type SeedContainers, startEmulator } from "./host-emulator";

export const urnOfMemory = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/supermemory:ContainerPurge::memory";

type StackOptions = Pick<CallOptions, "config" | "cwd" | "env"> & Pick<EmulatorOptions, "apiKeys" | "faults" | "v3">;

export async function startStack(containers: SeedContainers, options: StackOptions = {}) {
  const { config = {}, cwd = "/", env = {}, ...emulated } = options;
  const emulator = await startEmulator(containers, emulated);
  return { emulator, stack: new OneResourceStack(emulator, { config, cwd, env }) };
}

/** The same after an up with these arguments, with the outputs and the number of requests by then. */
export async function deployed(containers: SeedContainers, args: Properties, options: StackOptions = {}) {
  const { emulator, stack } = await startStack(containers, options);
  await stack.up(args);
  return { emulator, stack, before: stack.stored?.outputs ?? {}, requests: emulator.requests.length };
}

export interface CommandResult extends Readonly<Report> {
  readonly lines: readonly string[];
  readonly error: string | undefined;
}

interface Report {
  failures: Checked["failures"];
  /** What `diff` said; undefined when it was not asked. */
  changes: boolean | undefined;
}

interface Stored {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** The engine's own mark of a create or update that failed half-way. */
  readonly unfinished: boolean;
}

/**
 * A stack of one resource: makes the calls of each command in the engine's order (test/engine/transcripts-*.test.ts),
 * every command with a provider process of its own.
 */
export class OneResourceStack {
  stored: Stored | undefined;

  constructor(
    private readonly emulator: Pick<Emulator, "apiKey" | "url">,
    private readonly options: CallOptions = {},
    private readonly urn = urnOfMemory,
  ) {}

  get outputs(): Properties {
    if (this.stored === undefined) throw new Error("the stack is empty");
    return this.stored.outputs;
  }

  async preview(args: Properties, env: CallOptions["env"] = {}): Promise<CommandResult> {
    return await this.#command(env, async (provider, report) => {
      const inputs = await this.#check(provider, report, { ...args, __preview: true });
      if (inputs !== undefined && this.stored !== undefined) {
        report.changes = await provider.diff(this.stored.id, this.stored.outputs, inputs);
      }
    });
  }

  async checked(args: Properties, env: CallOptions["env"] = {}): Promise<Properties> {
    let inputs: Properties | undefined;
    const { error, failures } = await this.#command(env, async (provider, report) => {
      inputs = await this.#check(provider, report, { ...args, __preview: true });
    });
    if (inputs === undefined) throw new Error(error ?? JSON.stringify(failures));
    return inputs;
  }

  /** What `update` makes of these inputs, which a check has answered with. */
  async updated(inputs: Properties, env: CallOptions["env"] = {}): Promise<Properties> {
    const { id, outputs } = this.stored ?? { id: "", outputs: {} };
    let updated: Properties | undefined;
    const { error } = await this.#command(env, async (provider) => {
      updated = await provider.update(id, outputs, inputs);
    });
    if (updated === undefined) throw new Error(error);
    return updated;
  }

  async up(args: Properties, env: CallOptions["env"] = {}): Promise<CommandResult> {
    return await this.#command(env, async (provider, report) => {
      const inputs = await this.#check(provider, report, args);
      if (inputs === undefined) return;
      if (this.stored === undefined) {
        await this.#keep(inputs, inputs, async () => provider.create(inputs));
        return;
      }
      const { id, inputs: oldInputs, outputs, unfinished } = this.stored;
      report.changes = await provider.diff(id, outputs, inputs);
      if (!report.changes && !unfinished) return;
      await this.#keep(inputs, oldInputs, async () => ({ id, outputs: await provider.update(id, outputs, inputs) }));
    });
  }

  async refresh(env: CallOptions["env"] = {}): Promise<CommandResult> {
    return await this.#command(env, async (provider, report) => {
      if (this.stored === undefined) return;
      const { id, inputs } = this.stored;
      const outputs = await provider.read(id, this.stored.outputs);
      report.changes = await provider.diff(id, outputs, inputs);
      this.stored = { id, inputs, outputs, unfinished: false };
    });
  }

  async destroy(env: CallOptions["env"] = {}): Promise<CommandResult> {
    return await this.#command(env, async (provider) => {
      if (this.stored === undefined) return;
      await provider.delete(this.stored.id, this.stored.outputs);
      this.stored = undefined;
    });
  }

  async #command(
    env: CallOptions["env"],
    work: (provider: ProviderCalls, report: Report) => Promise<void>,
  ): Promise<CommandResult> {
    const { apiKey, url } = this.emulator;
    const connection = { SUPERMEMORY_BASE_URL: url, SUPERMEMORY_API_KEY: apiKey };
    const provider = openProvider({ ...this.options, env: { ...connection, ...this.options.env, ...env } });
    const report: Report = { changes: undefined, failures: [] };
    const error = await work(provider, report).then(
      () => undefined,
      (reason: unknown) => messageOf(reason),
    );
    return { ...report, lines: provider.lines, error };
  }

  async #check(provider: ProviderCalls, report: Report, args: Properties): Promise<Properties | undefined> {
    const news = { ...args, __provider: "text", __urn: this.urn };
    const { failures, inputs } = await provider.check(this.stored?.inputs ?? {}, news);
    report.failures = failures;
    return failures.length > 0 ? undefined : inputs;
  }

  async #keep(
    inputs: Properties,
    inputsWhenUnfinished: Properties,
    change: () => Promise<{ readonly id: string; readonly outputs: Properties }>,
  ): Promise<void> {
    try {
      this.stored = { ...(await change()), inputs, unfinished: false };
    } catch (error) {
      if (error instanceof PartialFailure) {
        const outputs = storable(error.properties);
        this.stored = { id: error.id, inputs: inputsWhenUnfinished, outputs, unfinished: true };
      }
      throw error;
    }
  }
}
