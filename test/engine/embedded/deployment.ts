import { messageOf } from "./display/message-of";
import { PhaseLog } from "./display/phase-log";
import { engineService } from "./program/engine-service";
import { GrpcServer } from "./program/grpc-server";
import { monitorService } from "./program/monitor-service";
import { alreadySaid, startProgram, type ProgramOptions } from "./program/program";
import { Gate, when, within } from "./program/waits";
import { type Child } from "./program/child-process";
import { defaultProvider, Providers, providerType } from "./provider/providers";
import { type ResourceState } from "./state/resource-state";
import { Snapshot } from "./state/snapshot";
import { makeUrn, rootType, typeOf } from "./state/urn";
import { mapProperties, secret, type Properties } from "./state/values";
import { deleteResources } from "./steps/deletes";
import { Halted, type Phase } from "./steps/phase";
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
  readonly signal: AbortSignal | undefined;
  readonly secondSignal: AbortSignal | undefined;
  readonly killSignal: AbortSignal | undefined;
}

const graceMs = 30_000;

/** Runs one phase of a command: starts the servers, the program and the providers, and stops them at the end. */
export class Deployment {
  readonly log: PhaseLog;
  /** Settles when the processes have ended too. A killed deployment does not wait for them. */
  ended: Promise<void> = Promise.resolve();
  readonly #halt = new AbortController();
  readonly #defaultUrn: string;
  readonly #killed = new Gate();
  /** Whether the phase failed. "logged" needs no further message. */
  #failed: "no" | "logged" | "failed" | "canceled" = "no";
  #recording = true;
  #stackOutputs: { readonly root: ResourceState; readonly outputs: Properties } | undefined;

  constructor(private readonly options: DeploymentOptions) {
    const { stack, project } = options;
    const identity = { stack, project: project.name, parent: "" };
    this.log = new PhaseLog(makeUrn({ ...identity, type: rootType, name: `${project.name}-${stack}` }));
    this.#defaultUrn = makeUrn({ ...identity, type: providerType, name: "default" });
  }

  /** Returns false if the phase failed. The log then contains the reason, unless the engine was killed. */
  async run(): Promise<boolean> {
    const { dryRun, signal, killSignal } = this.options;
    const over = new AbortController();
    when(signal, over.signal, () => {
      this.#halt.abort();
    });
    when(killSignal, over.signal, () => {
      this.#recording = false;
      this.#halt.abort();
      this.#killed.open();
    });
    this.ended = this.#execute().catch((error: unknown) => {
      if (!(error instanceof Halted)) this.log.fail(error);
      if (this.#failed === "no") this.#failed = "logged";
    });
    await Promise.race([this.ended, this.#killed.opened]);
    over.abort();
    if (this.#killed.isOpen) return false;
    if (this.#failed === "failed" || this.#failed === "canceled") {
      this.log.say("error", `${dryRun ? "preview" : "update"} ${this.#failed}`);
    }
    return this.#failed === "no";
  }

  async #execute(): Promise<void> {
    const { stack, project, runProgram, refresh, mode, resources, secondSignal } = this.options;
    const [ended, over, ending] = [new Gate(), new Gate(), new AbortController()];
    const server = await GrpcServer.start([engineService(this.log)]);
    void this.#killed.opened.then(() => {
      server.stop();
    });
    const phase = this.#phase(server.address);
    const steps = new ResourceSteps(phase, {
      ...{ stack, project: project.name },
      defaultProvider: () => defaultProvider(phase, this.#defaultUrn, this.#config()),
    });
    const monitor = monitorService({
      register: (request) => steps.register(request),
      registerOutputs: (urn, outputs) => {
        this.#registerOutputs(phase.snapshot, urn, outputs);
      },
      programEnded: () => {
        ended.open();
        return over.opened;
      },
    });
    server.add(monitor);
    when(secondSignal, ending.signal, () => {
      this.#recording = false;
      this.#halt.abort();
      void phase.providers.stop();
    });
    let program: Child | undefined;
    try {
      if (refresh || mode === "destroy") this.#requireNamed(phase, "target", []);
      if (refresh && !this.#halt.signal.aborted) await refreshResources(phase);
      this.#requireNamed(phase, "replace", []);
      if (runProgram && !this.#halt.signal.aborted) {
        program = startProgram({ ...this.options, address: server.address, log: this.log });
        await this.#follow(program, ended);
      }
      await steps.idle();
      // To the engine, a cancellation during the deletes is not a failure.
      if (this.#halt.signal.aborted && this.#failed === "no") this.#failed = "canceled";
      if (mode !== "refresh" && !this.#halt.signal.aborted) {
        // The real engine deletes nothing from a stack that was empty, not even what destroy --run-program created in it.
        if (resources.length > 0) await deleteResources(phase);
        this.#requireNamed(phase, "target", [...steps.registered]);
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
  async #follow(program: Child, ended: Gate): Promise<void> {
    const { signal } = this.#halt;
    const halted = new Promise<void>((resolve) => {
      when(signal, new AbortController().signal, resolve);
    });
    await Promise.race([ended.opened, program.exited, halted.then(() => within(graceMs, program.exited))]);
    if (ended.isOpen || signal.aborted) return;
    const code = await program.exited;
    if (code === 0) return;
    if (code !== alreadySaid) {
      this.log.say("error", `an unhandled error occurred: Program exited with non-zero exit code: ${code}`);
    }
    this.#stop();
  }

  #phase(engineAddress: string): Phase {
    const { log, options } = this;
    const { mode, dryRun, selection, runtimes, env } = options;
    const { name: project, programDir } = options.project;
    return {
      ...{ mode, dryRun, selection, log },
      snapshot: new Snapshot(options.resources, (resources) => {
        if (this.#recording && !dryRun) options.save(resources);
      }),
      providers: new Providers({ runtimes, engineAddress, programDir, project, env, log }),
      halt: this.#halt.signal,
      stepFailed: (urn, error) => {
        log.say("error", `${dryRun ? "Preview failed: " : ""}${messageOf(error)}`, urn);
        this.#failed = "failed";
      },
      stop: () => {
        this.#stop();
      },
    };
  }

  #stop(): void {
    if (this.#failed === "no") this.#failed = "logged";
    this.#halt.abort();
  }

  #config(): Properties {
    const { config, secretKeys } = this.options;
    return mapProperties(config, (text, key) => (secretKeys.includes(key) ? secret(text) : text));
  }

  /** Stops the phase if --target or --replace names a resource that is neither in the state nor registered. */
  #requireNamed(phase: Phase, option: "target" | "replace", registered: readonly string[]): void {
    if (this.#halt.signal.aborted) return;
    const known = [...this.options.resources.map(({ urn }) => urn), ...registered];
    for (const urn of phase.selection.missing(option, known)) {
      const hint = urn.includes("$") ? "" : " Did you forget to escape $ in your shell?";
      this.log.say("error", `Target '${urn}' could not be found in the stack.${hint}`);
      this.#stop();
    }
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
    this.log.outputs = this.#failed === "no" ? outputs : { ...root.outputs, ...outputs };
    if (snapshot.all.includes(root)) snapshot.exchange(root, { ...root, outputs: this.log.outputs });
  }
}
