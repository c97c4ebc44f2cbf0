import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type PhaseLog } from "../display/phase-log";
import { type Runtimes } from "../program/child-process";
import { type ProgramOptions } from "../program/program";
import { providerUrn, type ResourceState } from "../state/resource-state";
import { hasUnknown, secret, type Properties, type Value } from "../state/values";
import { type Phase } from "../steps/phase";
import { ProviderProcess, type Checked } from "./provider-process";

/** The provider instances of one phase. Each has a process, which starts with the first call. */
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

  /** Declares an instance, or changes its arguments before its first call. */
  declare(urn: string, inputs: Properties): void {
    if (!this.#ready.has(urn)) this.#inputs.set(urn, inputs);
  }

  /** Starts the process of an instance ahead of its first call. */
  warm(urn: string): void {
    this.#process(urn).catch(() => undefined);
  }

  /** The instance that a reference names. If this phase did not declare it, it has the arguments of the last deployment. */
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

/** An instance whose arguments a preview does not know yet. It cannot be called. */
const unconfigured: Provider = {
  check: (_urn: string, _olds: Properties, inputs: Properties): Promise<Checked> =>
    Promise.resolve({ inputs, failures: [] }),
  diff: () => Promise.resolve(undefined),
  create: () => refuse(),
  update: () => refuse(),
  read: () => refuse(),
  delete: () => refuse(),
};

function refuse(): Promise<never> {
  return Promise.reject(new Error("the arguments of the provider instance are not known"));
}

export const providerType = "pulumi:providers:pulumi-nodejs";

/** Registers the default instance, like any other resource, on first use. Returns its reference. */
export function defaultProvider(
  { snapshot, providers, dryRun }: Phase,
  urn: string,
  { config, secretKeys }: Pick<ProgramOptions, "config" | "secretKeys">,
): string {
  const known = snapshot.news.find((resource) => resource.urn === urn);
  if (known !== undefined) return `${urn}::${known.id ?? ""}`;
  const old = snapshot.old(urn);
  const inputs: Record<string, Value> = {};
  for (const [key, text] of Object.entries(config)) inputs[key] = secretKeys.includes(key) ? secret(text) : text;
  const id = old?.id ?? (dryRun ? "" : randomUUID());
  snapshot.commit({ urn, type: providerType, custom: true, id, inputs, outputs: inputs }, old);
  providers.declare(urn, inputs);
  return `${urn}::${id}`;
}

/** The environment variables that the CLI adds for a dynamic provider: the project, and the configuration under pulumi-nodejs. */
export function providerVariables(project: string, config: ProgramOptions["config"]): Record<string, string> {
  const prefix = "pulumi-nodejs:";
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const values = Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
  return { PULUMI_NODEJS_PROJECT: project, PULUMI_PROJECT: project, PULUMI_CONFIG: JSON.stringify(values) };
}
