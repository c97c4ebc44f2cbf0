import { randomUUID } from "node:crypto";
import { type StepOp } from "../../types";
import { InitFailure } from "../provider/provider-failure";
import { type Provider } from "../provider/providers";
import { isProvider, type ResourceState } from "../state/resource-state";
import { changedKeys, keepSecrets, mapProperties, secret, type Properties } from "../state/values";
import { Halted, type Phase, type Registered } from "./phase";

/** Carries out the decision for one resource and records its new state. */
export class StepRunner {
  constructor(private readonly phase: Phase) {}

  async create(next: ResourceState, provider: Provider | undefined): Promise<Registered> {
    return this.#step("create", next, [], () => this.#create(next, provider));
  }

  async update(next: ResourceState, old: ResourceState, provider: Provider | undefined): Promise<Registered> {
    return this.#step("update", next, signedChanges(old.inputs, next.inputs), async () => {
      const kept = { ...next, id: old.id, outputs: old.outputs };
      if (provider === undefined) return this.#commit(this.#local(kept, old.id), old);
      if (this.phase.dryRun) return this.#commit({ ...kept, outputs: next.inputs }, old);
      try {
        const outputs = await provider.update(old, old.outputs, next.inputs, old.inputs);
        return this.#commit({ ...kept, outputs }, old);
      } catch (error) {
        // The old inputs are kept, so that the next diff reports the change again.
        if (error instanceof InitFailure) this.#commit({ ...halfDone(kept, error), inputs: old.inputs }, old);
        throw error;
      }
    });
  }

  async same(next: ResourceState, old: ResourceState): Promise<Registered> {
    return this.#step("same", next, [], () => {
      const kept = { ...next, id: old.id, outputs: old.outputs };
      return Promise.resolve(this.#commit(isProvider(next) ? this.#local(kept, old.id) : kept, old));
    });
  }

  /** Keeps the old state of a resource that --target leaves out. */
  async untouched(old: ResourceState): Promise<Registered> {
    return this.#step("same", old, [], () => Promise.resolve(this.#commit(old, old)));
  }

  /** Creates the new resource first. The old one is deleted after the program has ended. */
  async replace(next: ResourceState, old: ResourceState, provider: Provider | undefined): Promise<Registered> {
    const { log, snapshot } = this.phase;
    const changes = signedChanges(old.inputs, next.inputs);
    const created = await this.#step("create-replacement", next, changes, () => this.#create(next, provider));
    log.begin("replace", next, changes);
    snapshot.exchange(old, { ...old, delete: true });
    log.end(next.urn, true);
    return created;
  }

  async #create(next: ResourceState, provider: Provider | undefined): Promise<ResourceState> {
    if (provider === undefined) return this.#commit(this.#local(next, isProvider(next) ? randomUUID() : undefined));
    // The dynamic provider is not called in previews. The inputs stand in for the state.
    if (this.phase.dryRun) return this.#commit({ ...next, id: "", outputs: next.inputs });
    try {
      const { id, outputs } = await provider.create(next.urn, next.inputs);
      if (id === "") throw new Error("provider did not return an ID from Create");
      return this.#commit({ ...next, id, outputs });
    } catch (error) {
      if (error instanceof InitFailure) this.#commit({ ...halfDone(next, error), id: error.id });
      throw error;
    }
  }

  /** For components and provider instances, which no provider manages. */
  #local(resource: ResourceState, id: string | undefined): ResourceState {
    if (!isProvider(resource)) return { ...resource, id };
    this.phase.providers.declare(resource.urn, resource.inputs);
    return { ...resource, id, outputs: resource.inputs };
  }

  #commit(resource: ResourceState, old?: ResourceState): ResourceState {
    const state = withSecretOutputs(resource);
    this.phase.snapshot.commit(state, old);
    return state;
  }

  async #step(
    op: StepOp,
    resource: ResourceState,
    changes: readonly string[],
    act: () => Promise<ResourceState>,
  ): Promise<Registered> {
    const { log, halt, dryRun } = this.phase;
    const { urn } = resource;
    if (halt.aborted) throw new Halted();
    log.begin(op, resource, changes);
    try {
      const { id, outputs, type } = await act();
      log.end(urn, true);
      const isNewProvider = dryRun && op === "create" && isProvider({ type });
      return { urn, id: isNewProvider ? "" : (id ?? ""), outputs };
    } catch (error) {
      this.phase.stepFailed(urn, error);
      log.end(urn, false);
      throw new Halted();
    }
  }
}

/** Names of changed properties with their sign, as the Info column shows them. Internal ones (__) are hidden. */
export function signedChanges(olds: Properties, news: Properties): readonly string[] {
  const sign = (key: string) => (!(key in olds) ? "+" : !(key in news) ? "-" : "~");
  return changedKeys(olds, news)
    .filter((key) => !key.startsWith("__"))
    .map((key) => sign(key) + key);
}

function halfDone(resource: ResourceState, failure: InitFailure): ResourceState {
  const outputs = keepSecrets(failure.properties, resource.inputs);
  return { ...resource, outputs, initErrors: failure.reasons };
}

/** An output is secret if it is in additionalSecretOutputs, or if the input of the same name is secret. */
function withSecretOutputs(resource: ResourceState): ResourceState {
  const marked = mapProperties(resource.outputs, (value, key) =>
    (resource.additionalSecretOutputs ?? []).includes(key) ? secret(value) : value,
  );
  return { ...resource, outputs: keepSecrets(marked, resource.inputs) };
}
