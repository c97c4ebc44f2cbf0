import { within } from "./program/child-process";
import { defaultProvider, providerType, providerVariables } from "./provider/default-instance";
import { deleteResources } from "./steps/deletes";
import { engineService } from "./program/engine-service";
import { Gate, when } from "./steps/gate";
import { GrpcServer } from "./program/grpc-server";
import { messageOf } from "./display/message-of";
import { monitorService } from "./program/monitor-service";
import { type Phase } from "./steps/phase";
import { PhaseLog } from "./display/phase-log";
import { Program, type ProgramOptions } from "./program/program";
import { Providers } from "./provider/providers";
import { refreshResources } from "./steps/refresh";
import { ResourceSteps } from "./steps/resource-steps";
import { type ResourceState } from "./state/resource-state";
import { type Selection } from "./steps/selection";
import { Snapshot } from "./state/snapshot";
import { makeUrn, rootType, typeOf } from "./state/urn";
import { type Properties } from "./state/values";

export interface DeploymentOptions extends Omit<ProgramOptions, "address" | "log"> {
  readonly mode: Phase["mode"];
  readonly refresh: boolean;
  readonly runProgram: boolean;
  readonly selection: Selection;
  readonly resources: readonly ResourceState[];
  /** Not called in a preview. */
  readonly save: (resources: readonly ResourceState[]) => void;
  /** Ctrl-C, Ctrl-C once more, and the end of the engine itself. */
  readonly signal: AbortSignal | undefined;
  readonly secondSignal: AbortSignal | undefined;
  readonly killSignal: AbortSignal | undefined;
}

const graceMs = 30_000;

/** One phase of a command, from the start of its servers to the end of its processes. */
export class Deployment {
  readonly log: PhaseLog;
  readonly #halt = new AbortController();
  readonly #defaultUrn: string;
  /** How it failed, as far as that is still to be said. */
  #failed: "no" | "said" | "failed" | "canceled" = "no";
  #recording = true;
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: DeploymentOptions) {
    const { stack, project } = options;
    const identity = { stack, project: project.name, parent: "" };
    this.log = new PhaseLog(makeUrn({ ...identity, type: rootType, name: `${project.name}-${stack}` }));
    this.#defaultUrn = makeUrn({ ...identity, type: providerType, name: "default" });
  }

  /** Settles when its processes are gone too, which a killed deployment does not wait for. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Whether all went well; if not, the log says why, unless it was killed. */
  async run(): Promise<boolean> {
    const { options, log } = this;
    const over = new AbortController();
    const killed = new Gate();
    when(options.signal, over.signal, () => {
      this.#halt.abort();
    });
    when(options.killSignal, over.signal, () => {
      this.#recording = false;
      this.#halt.abort();
      killed.open();
    });
    this.#ended = this.#execute(killed).catch((error: unknown) => {
      log.fail(error);
      this.#failed = "said";
    });
    await Promise.race([this.#ended, killed.opened]);
    over.abort();
    if (killed.isOpen) return false;
    if (this.#failed === "failed" || this.#failed === "canceled") {
      log.say("error", `${options.dryRun ? "preview" : "update"} ${this.#failed}`);
    }
    return this.#failed === "no";
  }

  async #execute(killed: Gate): Promise<void> {
    const { stack, project, runProgram, refresh, mode } = this.options;
    const [ended, over] = [new Gate(), new Gate()];
    const lookup: { phase?: Phase; steps?: ResourceSteps } = {};
    const server = await GrpcServer.start([
      engineService(this.log),
      monitorService({
        stack,
        project: project.name,
        register: (goal) => required(lookup.steps).register(goal),
        registerOutputs: (urn, outputs) => {
          this.#registerOutputs(required(lookup.phase).snapshot, urn, outputs);
        },
        programEnded: () => {
          ended.open();
          return over.opened;
        },
      }),
    ]);
    const phase = (lookup.phase = this.#phase(server.address));
    const steps = (lookup.steps = new ResourceSteps(phase, () =>
      defaultProvider(phase, this.#defaultUrn, this.options),
    ));
    let program: Program | undefined;
    void killed.opened.then(() => {
      server.stop();
    });
    const ending = new AbortController();
    when(this.options.secondSignal, ending.signal, () => {
      this.#recording = false;
      this.#halt.abort();
      void phase.providers.stop();
    });
    try {
      if (refresh) await refreshResources(phase);
      if (runProgram && !this.#halt.signal.aborted) {
        program = this.#startProgram(phase, server.address);
        await this.#follow(program, ended);
      }
      await steps.idle();
      // A cancellation that comes later, while things are deleted, is no failure to the engine.
      if (this.#halt.signal.aborted && this.#failed === "no") this.#failed = "canceled";
      if (mode !== "refresh" && !this.#halt.signal.aborted) await deleteResources(phase);
    } finally {
      ending.abort();
      over.open();
      if (program !== undefined && (await within(graceMs, program.exited)) === undefined) await program.stop();
      await phase.providers.stop();
      server.stop();
    }
  }

  /** Until the program says that it has ended, or is gone; when the phase is over before, it gets some time to go. */
  async #follow(program: Program, ended: Gate): Promise<void> {
    const halted = new Promise<void>((resolve) => {
      this.#halt.signal.addEventListener("abort", () => {
        resolve();
      });
    });
    const gone = program.exited.then(() => undefined);
    await Promise.race([ended.opened, gone, halted.then(() => within(graceMs, gone))]);
    if (ended.isOpen || this.#halt.signal.aborted) return;
    if (await program.ended()) return;
    this.#failed = "said";
    this.#halt.abort();
  }

  #phase(engineAddress: string): Phase {
    const { log, options } = this;
    const { programDir, name } = options.project;
    const save = (resources: readonly ResourceState[]) => {
      if (this.#recording && !options.dryRun) options.save(resources);
    };
    const env = { ...options.env, ...providerVariables(name, options.config) };
    return {
      ...{ mode: options.mode, dryRun: options.dryRun, selection: options.selection },
      snapshot: new Snapshot(options.resources, save),
      providers: new Providers({ runtimes: options.runtimes, engineAddress, programDir, env, log }),
      log,
      halt: this.#halt.signal,
      stepFailed: (urn, error) => {
        log.say("error", `${options.dryRun ? "Preview failed: " : ""}${messageOf(error)}`, urn);
        this.#failed = "failed";
        this.#halt.abort();
      },
      invalid: () => {
        this.#failed = "said";
        this.#halt.abort();
      },
    };
  }

  #startProgram(phase: Phase, address: string): Program {
    const { resources } = this.options;
    const uses = (resource: ResourceState) => resource.provider?.startsWith(`${this.#defaultUrn}::`) ?? false;
    if (resources.length === 0 || resources.some(uses)) phase.providers.warm(this.#defaultUrn);
    return new Program({ ...this.options, address, log: this.log });
  }

  #registerOutputs(snapshot: Snapshot, urn: string, outputs: Properties): void {
    const resource = snapshot.news.find((one) => one.urn === urn);
    if (resource === undefined) return;
    if (typeOf(urn) === rootType) this.log.outputs = { before: resource.outputs, after: outputs };
    snapshot.exchange(resource, { ...resource, outputs });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the program called before the deployment began");
  return value;
}
