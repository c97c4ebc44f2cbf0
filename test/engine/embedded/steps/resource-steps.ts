import { checkFailureText } from "./check-failure";
import { findOld, type Aliases } from "./find-old";
import { type Goal } from "../program/goal";
import { withIgnored } from "./ignored-changes";
import { Halted, stateOf, type Phase, type Registered } from "./phase";
import { providerUrn, isProvider, type ResourceState } from "../state/resource-state";
import { type Provider } from "../provider/providers";
import { StepRunner } from "./step-runner";
import { judge } from "./verdict";
import { type Properties } from "../state/values";

/** Decides what to do about each resource that the program registers, one at a time, and lets the step runner do it. */
export class ResourceSteps {
  readonly #aliases: Aliases = new Map();
  readonly #seen = new Set<string>();
  readonly #skipped = new Set<string>();
  readonly #replaced = new Set<string>();
  readonly #runner: StepRunner;
  readonly #running = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly phase: Phase,
    /** Registers the default instance when it is needed first; its reference. */
    private readonly defaultProvider: () => string,
  ) {
    this.#runner = new StepRunner(phase);
  }

  /** Throws Halted when the phase is over. */
  register(goal: Goal): Promise<Registered> {
    const planned = this.#turn.then(() => this.#plan(goal));
    this.#turn = planned.catch(() => undefined);
    const registered = planned.then((act) => act());
    const running = registered.catch(() => undefined).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return registered;
  }

  /** Settles when nothing that was registered is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #plan(goal: Goal): Promise<() => Promise<Registered>> {
    if (this.phase.halt.aborted) throw new Halted();
    try {
      return await this.#decide(goal);
    } catch (error) {
      if (!(error instanceof Halted)) {
        this.phase.log.fail(error, goal.urn);
        this.phase.invalid();
      }
      throw new Halted();
    }
  }

  async #decide(goal: Goal): Promise<() => Promise<Registered>> {
    const { phase } = this;
    const { urn } = goal;
    if (this.#seen.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.#seen.add(urn);
    const old = findOld(goal, phase.snapshot, this.#aliases);
    const managed = goal.custom && !isProvider(goal.identity);
    const reference = managed ? goal.provider || this.defaultProvider() : undefined;
    const fresh = stateOf(goal, reference);
    const included = phase.selection.includes(urn);

    if (phase.mode === "destroy" && (managed || this.#needsSkipped(fresh))) {
      if (old === undefined || this.#needsSkipped(fresh)) return () => this.#skip(fresh);
      return () => this.#runner.same({ ...fresh, inputs: old.inputs }, old);
    }
    if (!included) {
      return old === undefined ? () => this.#skip(fresh) : () => this.#runner.untouched(old);
    }
    const provider = reference === undefined ? undefined : await phase.providers.get(reference, phase.snapshot.all);
    return this.#choose(goal, this.#withoutSkipped(fresh), old, provider);
  }

  async #choose(goal: Goal, fresh: ResourceState, old: ResourceState | undefined, provider: Provider | undefined) {
    const { phase } = this;
    const forced = phase.selection.replaces(goal.urn);
    if (old === undefined) {
      const next = { ...fresh, inputs: await this.#check(goal, provider, {}, goal.inputs) };
      return () => this.#runner.create(next, provider);
    }
    const asked = forced ? goal.inputs : withIgnored(goal, old.inputs);
    const inputs = await this.#check(goal, provider, forced ? {} : old.inputs, asked);
    const verdict = await judge({ goal, old, inputs, provider, forced, replaced: this.#replaced, halt: phase.halt });
    const next = { ...fresh, inputs };
    if (verdict.kind === "same") return () => this.#runner.same(next, old);
    if (verdict.kind === "update") return () => this.#runner.update(next, old, provider);
    if (old.protect === true && goal.protect) throw new Error(protectedText(goal.urn));
    this.#replaced.add(goal.urn);
    const again = forced ? inputs : await this.#check(goal, provider, {}, goal.inputs);
    return () => this.#runner.replace({ ...fresh, inputs: again }, old, provider, verdict.deleteBefore);
  }

  async #check(goal: Goal, provider: Provider | undefined, olds: Properties, news: Properties): Promise<Properties> {
    if (provider === undefined) return news;
    const { inputs, failures } = await provider.check(goal.urn, olds, news);
    if (failures.length === 0) return inputs;
    for (const failure of failures) this.phase.log.say("error", checkFailureText(goal, inputs, failure), goal.urn);
    this.phase.invalid();
    throw new Halted();
  }

  #needsSkipped(resource: ResourceState): boolean {
    const provider = resource.provider === undefined ? [] : [providerUrn(resource.provider)];
    const needs = [...provider, ...(resource.dependencies ?? []), resource.parent ?? ""];
    return needs.some((urn) => this.#skipped.has(urn));
  }

  #withoutSkipped(resource: ResourceState): ResourceState {
    if (this.#skipped.size === 0) return resource;
    const dependencies = resource.dependencies?.filter((urn) => !this.#skipped.has(urn));
    return { ...resource, dependencies: dependencies?.length === 0 ? undefined : dependencies };
  }

  /** Left out because of --target or --exclude, or because a destroy creates nothing: the program gets no outputs. */
  #skip(resource: ResourceState): Promise<Registered> {
    this.#skipped.add(resource.urn);
    this.phase.log.begin("same", resource);
    this.phase.log.end(resource.urn, true);
    return Promise.resolve({ urn: resource.urn, id: "", outputs: {} });
  }
}

function protectedText(urn: string): string {
  return (
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
  );
}
