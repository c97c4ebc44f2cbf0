import { type Goal } from "../program/goal";
import { type Provider } from "../provider/providers";
import { isProvider, providerUrn, stateOf, type ResourceState } from "../state/resource-state";
import { changedKeys, hasUnknown, isArray, isSecret, sameValue, type Properties, type Value } from "../state/values";
import { findOld, withIgnored, type Aliases } from "./old-resource";
import { Halted, type Phase, type Registered } from "./phase";
import { StepRunner } from "./step-runner";

/** Decides what to do about each resource that the program registers, one at a time. The step runner then does it. */
export class ResourceSteps {
  readonly #aliases: Aliases = new Map();
  readonly #seen = new Set<string>();
  readonly #skipped = new Set<string>();
  readonly #runner: StepRunner;
  readonly #running = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly phase: Phase,
    /** Registers the default provider instance on first use and returns its reference. */
    private readonly defaultProvider: () => string,
  ) {
    this.#runner = new StepRunner(phase);
  }

  /** URNs of all resources that the program registered. */
  get registered(): ReadonlySet<string> {
    return this.#seen;
  }

  /** Throws Halted when the phase has ended. */
  register(goal: Goal): Promise<Registered> {
    const planned = this.#turn.then(() => this.#plan(goal));
    this.#turn = planned.catch(() => undefined);
    const registered = planned.then((act) => act());
    const running = registered.catch(() => undefined).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return registered;
  }

  /** Settles when no registration is in progress. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #plan(goal: Goal): Promise<() => Promise<Registered>> {
    if (this.phase.halt.aborted) throw new Halted();
    try {
      return await this.#decide(goal);
    } catch (error) {
      if (!(error instanceof Halted)) this.#refuse(goal.urn, error);
      throw new Halted();
    }
  }

  #refuse(urn: string, error: unknown): void {
    this.phase.log.fail(error, urn);
    this.phase.invalid();
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

    if (phase.mode === "destroy" && (managed || this.#skippedNeed(fresh) !== undefined)) {
      if (old === undefined || this.#skippedNeed(fresh) !== undefined) return () => this.#skip(fresh);
      return () => this.#runner.same({ ...fresh, inputs: old.inputs }, old);
    }
    if (!phase.selection.includes(urn)) {
      return old === undefined ? () => this.#skip(fresh) : () => this.#runner.untouched(old);
    }
    const provider = reference === undefined ? undefined : await phase.providers.get(reference, phase.snapshot.all);
    const act = await this.#choose(goal, fresh, old, provider);
    const skipped = phase.selection.isNarrow ? this.#skippedNeed(fresh) : undefined;
    if (skipped !== undefined) throw new Error(notTargetedText(urn, skipped));
    return act;
  }

  async #choose(goal: Goal, fresh: ResourceState, old: ResourceState | undefined, provider: Provider | undefined) {
    const forced = this.phase.selection.replaces(goal.urn);
    if (old === undefined) {
      const next = { ...fresh, inputs: await this.#check(goal, provider, {}, goal.inputs) };
      return () => this.#runner.create(next, provider);
    }
    const asked = forced ? goal.inputs : withIgnored(goal, old.inputs);
    const inputs = await this.#check(goal, provider, forced ? {} : old.inputs, asked);
    const next = { ...fresh, inputs };
    const verdict = forced || triggered(goal, old) ? "replace" : await this.#judge(old, inputs, provider);
    if (verdict === "same") return () => this.#runner.same(next, old);
    if (verdict === "update") return () => this.#runner.update(next, old, provider);
    if (old.protect === true && goal.protect) throw new Error(protectedText(goal.urn));
    const again = forced ? inputs : await this.#check(goal, provider, {}, goal.inputs);
    return () => this.#runner.replace({ ...fresh, inputs: again }, old, provider);
  }

  async #check(goal: Goal, provider: Provider | undefined, olds: Properties, news: Properties): Promise<Properties> {
    if (provider === undefined) return news;
    const { inputs, failures } = await provider.check(goal.urn, olds, news);
    if (failures.length === 0) return inputs;
    for (const failure of failures) this.phase.log.say("error", checkFailureText(goal, inputs, failure), goal.urn);
    this.phase.invalid();
    throw new Halted();
  }

  /** Asks the provider whether the resource changed. A resource that was left half done is always updated. */
  async #judge(old: ResourceState, inputs: Properties, provider: Provider | undefined): Promise<"same" | "update"> {
    const changes = changedKeys(old.inputs, inputs).length > 0;
    if (provider === undefined) return changes ? "update" : "same";
    const changed = (await provider.diff(old, old.outputs, inputs, old.inputs)) ?? changes;
    if (this.phase.halt.aborted) throw new Halted();
    return changed || (old.initErrors ?? []).length > 0 ? "update" : "same";
  }

  /** A resource that was skipped and that `resource` cannot exist without. */
  #skippedNeed(resource: ResourceState): string | undefined {
    const provider = resource.provider === undefined ? [] : [providerUrn(resource.provider)];
    const needs = [...provider, ...(resource.dependencies ?? []), resource.parent ?? ""];
    return needs.find((urn) => this.#skipped.has(urn));
  }

  /** Skips a resource that --target leaves out, or that a destroy would create. The program gets no outputs. */
  #skip(resource: ResourceState): Promise<Registered> {
    this.#skipped.add(resource.urn);
    this.phase.log.begin("same", resource);
    this.phase.log.end(resource.urn, true);
    return Promise.resolve({ urn: resource.urn, id: "", outputs: {} });
  }
}

/** Whether the replacement trigger changed since the last deployment. An unknown value counts as a change. */
function triggered(goal: Goal, old: ResourceState): boolean {
  const [now, before] = [goal.replacementTrigger ?? null, old.replacementTrigger ?? null];
  if (hasUnknown(now) || hasUnknown(before)) return true;
  return now !== null && before !== null && !sameValue(now, before);
}

function protectedText(urn: string): string {
  return (
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
  );
}

function notTargetedText(urn: string, need: string): string {
  return `Resource '${urn}' depends on '${need}' which was was not specified in --target list.`;
}

/** The CLI's sentence for a failure that `check` returned. */
function checkFailureText(goal: Goal, inputs: Properties, failure: { property: string; reason: string }): string {
  const { type, name } = goal.identity;
  const { property, reason } = failure;
  if (property === "") return `${type} resource '${name}' has a problem: ${reason}`;
  const value = inputs[property];
  const text = value === undefined ? "{<nil>}" : shown(value);
  return `${type} resource '${name}': property ${property} value ${text} has a problem: ${reason}`;
}

function shown(value: Value): string {
  if (isSecret(value)) return "{[secret]}";
  if (isArray(value)) return `{[${value.map(shown).join(" ")}]}`;
  return typeof value === "object" ? `{${JSON.stringify(value)}}` : `{${value}}`;
}
