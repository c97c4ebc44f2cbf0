import { randomUUID } from "node:crypto";
import { type StepOp } from "../../types";
import { InitFailure } from "../provider/provider-failure";
import { type ProviderProcess } from "../provider/provider-process";
import { isProvider, type ResourceState } from "../state/resource-state";
import { keepSecrets, mapProperties, secret } from "../state/values";
import { Halted, runStep, type Phase, type Registered } from "./phase";

type Provider = ProviderProcess | undefined;

/** Carries out the decision for one resource and records its new state. Components have no provider. */
export class StepRunner {
  constructor(private readonly phase: Phase) {}

  async create(next: ResourceState, provider: Provider, op: "create" | "create-replacement" = "create") {
    return await this.#step(op, next, async () => {
      if (provider === undefined) return this.#commit({ ...next, id: isProvider(next) ? randomUUID() : undefined });
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
    });
  }

  async update(next: ResourceState, old: ResourceState, provider: Provider): Promise<Registered> {
    return await this.#step("update", next, async () => {
      const kept = { ...next, id: old.id, outputs: old.outputs };
      if (provider === undefined) return this.#commit(kept, old);
      if (this.phase.dryRun) return this.#commit({ ...kept, outputs: next.inputs }, old);
      try {
        return this.#commit(
          { ...kept, outputs: await provider.update(old, old.outputs, next.inputs, old.inputs) },
          old,
        );
      } catch (error) {
        // The old inputs are kept, so that the next diff reports the change again.
        if (error instanceof InitFailure) this.#commit({ ...halfDone(kept, error), inputs: old.inputs }, old);
        throw error;
      }
    });
  }

  async same(next: ResourceState, old: ResourceState): Promise<Registered> {
    const kept = { ...next, id: old.id, outputs: old.outputs };
    return await this.#step("same", next, () => Promise.resolve(this.#commit(kept, old)));
  }

  /** Keeps the old state of a resource that --target leaves out. */
  async untouched(old: ResourceState): Promise<Registered> {
    return await this.#step("same", old, () => Promise.resolve(this.#commit(old, old)));
  }

  /** Creates the new resource first. The old one is deleted after the program has ended. */
  async replace(next: ResourceState, old: ResourceState, provider: Provider): Promise<Registered> {
    const created = await this.create(next, provider, "create-replacement");
    this.phase.log.pass("replace", next.urn);
    this.phase.snapshot.exchange(old, { ...old, delete: true });
    return created;
  }

  /** An output is secret if it is in additionalSecretOutputs, or if the input of the same name is secret. */
  #commit(resource: ResourceState, old?: ResourceState): ResourceState {
    const { snapshot, providers } = this.phase;
    const { urn, inputs, additionalSecretOutputs = [] } = resource;
    if (isProvider(resource)) providers.declare(urn, inputs);
    const outputs = mapProperties(isProvider(resource) ? inputs : resource.outputs, (value, key) =>
      additionalSecretOutputs.includes(key) ? secret(value) : value,
    );
    const state = { ...resource, outputs: keepSecrets(outputs, inputs) };
    snapshot.commit(state, old);
    return state;
  }

  async #step(op: StepOp, { urn }: ResourceState, act: () => Promise<ResourceState>): Promise<Registered> {
    if (this.phase.halt.aborted) throw new Halted();
    const { id = "", outputs, type } = await runStep(this.phase, op, urn, act);
    const isNewProvider = this.phase.dryRun && op === "create" && isProvider({ type });
    return { urn, id: isNewProvider ? "" : id, outputs };
  }
}

function halfDone(resource: ResourceState, failure: InitFailure): ResourceState {
  const outputs = keepSecrets(failure.properties, resource.inputs);
  return { ...resource, outputs, initErrors: failure.reasons };
}
