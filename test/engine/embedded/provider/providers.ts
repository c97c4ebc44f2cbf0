import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type PhaseLog } from "../display/phase-log";
import { type Runtimes } from "../program/child-process";
import { providerUrn, type ResourceState } from "../state/resource-state";
import { hasUnknown, type Properties } from "../state/values";
import { type Phase } from "../steps/phase";
import { ProviderProcess } from "./provider-process";

/** The provider instances of one phase. Each has a process, which starts with the first call. */
export class Providers {
  readonly #inputs = new Map<string, Properties>();
  readonly #processes = new Map<string, Promise<ProviderProcess>>();

  constructor(
    private readonly options: {
      readonly runtimes: Runtimes;
      readonly engineAddress: string;
      readonly programDir: string;
      readonly project: string;
      readonly env: Readonly<Record<string, string>>;
      readonly log: PhaseLog;
    },
  ) {}

  declare(urn: string, inputs: Properties): void {
    this.#inputs.set(urn, inputs);
  }

  /** The instance that a reference names. If this phase did not declare it, it has the arguments of the last deployment. */
  async get(reference: string, olds: readonly ResourceState[]): Promise<ProviderProcess> {
    const urn = providerUrn(reference);
    const inputs = this.#inputs.get(urn) ?? olds.find((resource) => resource.urn === urn)?.inputs;
    if (inputs === undefined) throw new Error(`unknown provider instance ${urn}`);
    if (hasUnknown(inputs)) throw new Error(`${unsupported} a provider with arguments that a preview does not know`);
    const process = this.#processes.get(urn) ?? this.#start(inputs);
    this.#processes.set(urn, process);
    return await process;
  }

  async stop(): Promise<void> {
    const stopping = [...this.#processes.values()].map(async (starting) => {
      await (await starting.catch(() => undefined))?.stop();
    });
    await Promise.all(stopping);
  }

  async #start(inputs: Properties): Promise<ProviderProcess> {
    const { runtimes, engineAddress, programDir, project, env, log } = this.options;
    const script = createRequire(join(programDir, "index.js")).resolve("@pulumi/pulumi/cmd/dynamic-provider");
    const onLine = (stream: "stdout" | "stderr", line: string) => {
      log.say(stream === "stdout" ? "info" : "info#err", line);
    };
    const options = {
      command: runtimes.node,
      cwd: programDir,
      env: { ...env, PULUMI_NODEJS_PROJECT: project },
      onLine,
    };
    const process = await ProviderProcess.start(script, engineAddress, options);
    try {
      await process.configure(inputs);
    } catch (error) {
      await process.stop();
      throw error;
    }
    return process;
  }
}

const unsupported = "the embedded engine, a stand-in for the Pulumi CLI, does not support";

export const providerType = "pulumi:providers:pulumi-nodejs";

/** Registers the default instance, like any other resource, on first use. Returns its reference. */
export function defaultProvider({ snapshot, providers, dryRun }: Phase, urn: string, inputs: Properties): string {
  const known = snapshot.news.find((resource) => resource.urn === urn);
  if (known !== undefined) return `${urn}::${known.id ?? ""}`;
  const old = snapshot.old(urn);
  const id = old?.id ?? (dryRun ? "" : randomUUID());
  snapshot.commit({ urn, type: providerType, custom: true, id, inputs, outputs: inputs }, old);
  providers.declare(urn, inputs);
  return `${urn}::${id}`;
}
