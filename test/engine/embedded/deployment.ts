import { messageOf } from "./display/message-of";
import { PhaseLog } from "./display/phase-log";
import { engineService } from "./program/engine-service";
import { GrpcServer } from "./program/grpc-server";
import { monitorService } from "./program/monitor-service";
import { Program, type ProgramOptions } from "./program/program";
import { Gate, when, within } from "./program/waits";
import { defaultProvider, Providers, providerType, providerVariables } from "./provider/providers";
import { type ResourceState } from "./state/resource-state";
import { Snapshot } from "./state/snapshot";
import { makeUrn, rootType, typeOf } from "./state/urn";
import { type Properties } from "./state/values";
import { deleteResources } from "./steps/deletes";
import { type Phase } from "./steps/phase";
import { refreshResources } from "./steps/refresh";
import { ResourceSteps } from "./steps/resource-steps";
import { type Selection } from "./steps/selection";

export interface DeploymentOptions extends Omit<ProgramOptions, "address" | "log"> {
  readonly mode: Phase["mode"];
  readonly refresh: boolean;
  readonly runProgram: boolean;
  readonly selection: Selection;
  readonly resources: readonly ResourceState[];
  /** Previews do not call it. */
  readonly save: (resources: readonly ResourceState[]) => void;
  /** Ctrl-C, a second Ctrl-C, and SIGKILL to the engine. */
  readonly signal: AbortSignal | undefined;
  readonly secondSignal: AbortSignal | undefined;
  readonly killSignal: AbortSignal | undefined;
}

const graceMs = 30_000;

/** Runs one phase of a command: starts the servers, the program and the providers, and stops them at the end. */
export class Deployment {
  readonly log: PhaseLog;
  readonly #halt = new AbortController();
  readonly #defaultUrn: string;
  /** Whether the phase failed. "logged" needs no further message. */
  #failed: "no" | "logged" | "failed" | "canceled" = "no";
  #recording = true;
  #stackOutputs: { readonly root: ResourceState; readonly outputs: Properties } | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: DeploymentOptions) {
    const { stack, project } = options;
    const identity = { stack, project: project.name, parent: "" };
    this.log = new PhaseLog(makeUrn({ ...identity, type: rootType, name: `${project.name}-${stack}` }));
    this.#defaultUrn = makeUrn({ ...identity, type: providerType, name: "default" });
  }

  /** Settles when the processes have ended too. A killed deployment does not wait for them. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Returns false if the phase failed. The log then contains the reason, unless the engine was killed. */
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
      this.#failed = "logged";
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
    const { stack, project, runProgram, refresh, mode, resources } = this.options;
    const [ended, over] = [new Gate(), new Gate()];
    const lookup: { phase?: Phase; steps?: ResourceSteps } = {};
    const server = await GrpcServer.start([
      engineService(this.log),
      monitorService({
        stack,
        project: project.name,
        register: (goal) => required(lookup.steps).register(goal),
        refuse: (error) => {
          this.log.fail(error);
          required(lookup.phase).invalid();
        },
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
      if (refresh || mode === "destroy") this.#requireNamed(phase, "target", []);
      if (refresh && !this.#halt.signal.aborted) await refreshResources(phase);
      this.#requireNamed(phase, "replace", []);
      if (runProgram && !this.#halt.signal.aborted) {
        program = this.#startProgram(phase, server.address);
        await this.#follow(program, ended);
      }
      await steps.idle();
      // To the engine, a cancellation during the deletes is not a failure.
      if (this.#halt.signal.aborted && this.#failed === "no") this.#failed = "canceled";
      if (mode !== "refresh" && !this.#halt.signal.aborted) {
        const known = [...steps.registered];
        // The real engine deletes nothing from a stack that was empty, not even what destroy --run-program created in it.
        if (resources.length > 0) await deleteResources(phase);
        this.#requireNamed(phase, "target", known);
      }
    } finally {
      this.#storeStackOutputs(phase.snapshot);
      ending.abort();
      over.open();
      if (program !== undefined && (await within(graceMs, program.exited)) === undefined) await program.stop();
      await phase.providers.stop();
      server.stop();
    }
  }

  /** Waits for the end of the program. If the phase ends first, the program gets some time to exit. */
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
    this.#failed = "logged";
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
        this.#logFailure(urn, error);
        this.#halt.abort();
      },
      deleteRefused: (urn, error) => {
        this.#logFailure(urn, error);
      },
      invalid: () => {
        this.#failed = "logged";
        this.#halt.abort();
      },
    };
  }

  /** Stops the phase if --target or --replace names a resource that is neither in the state nor registered. */
  #requireNamed(phase: Phase, option: "target" | "replace", registered: readonly string[]): void {
    if (this.#halt.signal.aborted) return;
    const known = [...this.options.resources.map(({ urn }) => urn), ...registered];
    for (const urn of phase.selection.missing(option, known)) {
      const hint = urn.includes("$") ? "" : " Did you forget to escape $ in your shell?";
      phase.log.say("error", `Target '${urn}' could not be found in the stack.${hint}`);
      phase.invalid();
    }
  }

  #logFailure(urn: string, error: unknown): void {
    this.log.say("error", `${this.options.dryRun ? "Preview failed: " : ""}${messageOf(error)}`, urn);
    this.#failed = "failed";
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
    if (typeOf(urn) === rootType) this.#stackOutputs = { root: resource, outputs };
    else snapshot.exchange(resource, { ...resource, outputs });
  }

  /** The stack's outputs are stored at the end. After a failure, an output that is missing keeps its old value. */
  #storeStackOutputs(snapshot: Snapshot): void {
    if (this.#stackOutputs === undefined) return;
    const { root, outputs } = this.#stackOutputs;
    const before = root.outputs;
    const after = this.#failed === "no" ? outputs : { ...before, ...outputs };
    this.log.outputs = { before, after };
    if (snapshot.all.includes(root)) snapshot.exchange(root, { ...root, outputs: after });
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the program made a call before the deployment started");
  return value;
}
