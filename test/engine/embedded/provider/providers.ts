import { createRequire } from "node:module";
import { join } from "node:path";
import { type PhaseLog } from "../display/phase-log";
import { ProviderProcess, type Checked, type Diffed } from "./provider-process";
import { providerUrn, type ResourceState } from "../state/resource-state";
import { type Runtimes } from "../program/runtimes";
import { hasUnknown, type Properties } from "../state/values";

/** The provider instances of one phase: a process for each, started when the first call comes. */
export class Providers {
  readonly #inputs = new Map<string, Properties>();
  readonly #processes = new Map<string, Promise<ProviderProcess>>();
  readonly #ready = new Map<string, Promise<ProviderProcess>>();

  constructor(
    private readonly options: {
      readonly runtimes: Runtimes;
      readonly engineAddress: string;
      readonly programDir: string;
      readonly env: Readonly<Record<string, string>>;
      readonly log: PhaseLog;
    },
  ) {}

  /** Declares an instance, or declares it again with other arguments. */
  declare(urn: string, inputs: Properties): void {
    if (!this.#ready.has(urn)) this.#inputs.set(urn, inputs);
  }

  /** Starts the process of an instance ahead of its first call. */
  warm(urn: string): void {
    this.#process(urn).catch(() => undefined);
  }

  /** The instance that a reference names. One that was not declared in this phase is that of the last deployment. */
  async get(reference: string, olds: readonly ResourceState[]): Promise<Provider> {
    const urn = providerUrn(reference);
    if (!this.#inputs.has(urn)) {
      const old = olds.find((resource) => resource.urn === urn);
      if (old === undefined) throw new Error(`unknown provider instance ${urn}`);
      this.declare(urn, old.inputs);
    }
    return hasUnknown(this.#inputs.get(urn) ?? {}) ? unconfigured : this.#configured(urn);
  }

  async stop(): Promise<void> {
    const stopping = [...this.#processes.values()].map(async (starting) => {
      const process = await starting.catch(() => undefined);
      await process?.stop();
    });
    await Promise.all(stopping);
  }

  #configured(urn: string): Promise<ProviderProcess> {
    const ready = this.#ready.get(urn) ?? this.#configure(urn);
    this.#ready.set(urn, ready);
    return ready;
  }

  async #configure(urn: string): Promise<ProviderProcess> {
    const process = await this.#process(urn);
    await process.configure(this.#inputs.get(urn) ?? {});
    return process;
  }

  #process(urn: string): Promise<ProviderProcess> {
    const known = this.#processes.get(urn);
    if (known !== undefined) return known;
    const { runtimes, engineAddress, programDir, env, log } = this.options;
    const script = createRequire(join(programDir, "index.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const onLine = (stream: "stdout" | "stderr", line: string) => {
      log.say(stream === "stdout" ? "info" : "info#err", line);
    };
    const process = ProviderProcess.start(script, engineAddress, {
      ...{ command: runtimes.node, cwd: programDir, env, onLine },
    });
    this.#processes.set(urn, process);
    return process;
  }
}

export type Provider = Pick<ProviderProcess, "check" | "diff" | "create" | "update" | "read" | "delete">;

/** In a preview, an instance whose arguments are not known yet: nothing can be asked of it. */
const unconfigured: Provider = {
  check: (_urn: string, _olds: Properties, inputs: Properties): Promise<Checked> =>
    Promise.resolve({ inputs, failures: [] }),
  diff: (): Promise<Diffed> => Promise.resolve({ changes: undefined, replaces: [], deleteBeforeReplace: false }),
  create: () => refuse(),
  update: () => refuse(),
  read: () => refuse(),
  delete: () => refuse(),
};

function refuse(): Promise<never> {
  return Promise.reject(new Error("the arguments of the provider instance are not known"));
}
