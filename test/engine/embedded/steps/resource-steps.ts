import { type RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { goalOf, type Goal } from "../program/goal";
import { type ProviderProcess } from "../provider/provider-process";
import { isManaged, providerUrn, type ResourceState } from "../state/resource-state";
import { nameOf } from "../state/urn";
import { hasUnknown, isArray, isSecret, sameValue, type Properties, type Value } from "../state/values";
import { findOld, withIgnored, type Aliases } from "./old-resource";
import { Halted, type Phase, type Registered } from "./phase";
import { StepRunner } from "./step-runner";

type Provider = ProviderProcess | undefined;

/** Decides what to do about each resource that the program registers, one at a time. The step runner then does it. */
export class ResourceSteps {
  /** URNs of all resources that the program registered. */
  readonly registered = new Set<string>();
  readonly #aliases: Aliases = new Map();
  readonly #skipped = new Set<string>();
  readonly #runner: StepRunner;
  readonly #running = new Set<Promise<unknown>>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly phase: Phase,
    private readonly own: {
      readonly stack: string;
      readonly project: string;
      /** Registers the default provider instance on first use and returns its reference. */
      readonly defaultProvider: () => string;
    },
  ) {
    this.#runner = new StepRunner(phase);
  }

  register(request: RegisterResourceRequest): Promise<Registered> {
    const planned = this.#turn.then(() => this.#plan(request));
    this.#turn = planned.catch(() => undefined);
    const registered = planned.then((act) => act());
    const running = registered.catch(() => undefined).finally(() => this.#running.delete(running));
    this.#running.add(running);
    return registered;
  }

  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #plan(request: RegisterResourceRequest): Promise<() => Promise<Registered>> {
    const { halt, log } = this.phase;
    if (halt.aborted) throw new Halted();
    let urn = "";
    try {
      const goal = goalOf(request, this.own.stack, this.own.project);
      urn = goal.asked.urn;
      return await this.#decide(goal);
    } catch (error) {
      if (error instanceof Halted) throw error;
      log.fail(error, urn);
      this.phase.stop();
      throw new Halted();
    }
  }

  async #decide(goal: Goal): Promise<() => Promise<Registered>> {
    const { mode, selection, snapshot, providers } = this.phase;
    const { urn } = goal.asked;
    if (this.registered.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.registered.add(urn);
    const { old, conflict } = findOld(goal, snapshot, this.#aliases, this.registered);
    const managed = isManaged(goal.asked);
    const reference = managed ? (goal.asked.provider ?? this.own.defaultProvider()) : undefined;
    const fresh = { ...goal.asked, provider: reference };

    if (mode === "destroy" && (managed || this.#skippedNeed(fresh) !== undefined)) {
      if (old === undefined || this.#skippedNeed(fresh) !== undefined) return () => this.#skip(fresh);
      return () => this.#runner.same({ ...fresh, inputs: old.inputs }, old);
    }
    if (!selection.includes(urn)) {
      if (conflict !== undefined) throw new Error(conflict);
      return old === undefined ? () => this.#skip(fresh) : () => this.#runner.untouched(old);
    }
    const provider = reference === undefined ? undefined : await providers.get(reference, snapshot.all);
    const act = await this.#choose(fresh, old, provider, conflict);
    const skipped = selection.isNarrow ? this.#skippedNeed(fresh) : undefined;
    if (skipped === undefined) return act;
    throw new Error(`Resource '${urn}' depends on '${skipped}' which was was not specified in --target list.`);
  }

  /** @param conflict see `findOld`. It stops the deployment after the check. */
  async #choose(
    fresh: ResourceState,
    old: ResourceState | undefined,
    provider: Provider,
    conflict: string | undefined,
  ) {
    const forced = this.phase.selection.replaces(fresh.urn);
    if (old === undefined) {
      const next = { ...fresh, inputs: await this.#check(fresh, provider, {}, fresh.inputs) };
      if (conflict !== undefined) throw new Error(conflict);
      return () => this.#runner.create(next, provider);
    }
    const asked = forced ? fresh.inputs : withIgnored(fresh, old.inputs);
    const inputs = await this.#check(fresh, provider, forced ? {} : old.inputs, asked);
    if (conflict !== undefined) throw new Error(conflict);
    const next = { ...fresh, inputs };
    if (!forced && !isTriggered(fresh, old)) {
      if (!(await this.#isChanged(old, inputs, provider))) return () => this.#runner.same(next, old);
      return () => this.#runner.update(next, old, provider);
    }
    if (old.protect === true && fresh.protect === true) throw new Error(protectedText(fresh.urn));
    const again = forced ? inputs : await this.#check(fresh, provider, {}, fresh.inputs);
    return () => this.#runner.replace({ ...fresh, inputs: again }, old, provider);
  }

  async #check(resource: ResourceState, provider: Provider, olds: Properties, news: Properties): Promise<Properties> {
    if (provider === undefined) return news;
    const { urn } = resource;
    const { inputs, failures } = await provider.check(urn, olds, news);
    for (const failure of failures) this.phase.log.say("error", checkFailureText(resource, inputs, failure), urn);
    if (failures.length === 0) return inputs;
    this.phase.stop();
    throw new Halted();
  }

  /** Asks the provider whether the resource changed. A resource that was left half done is always updated. */
  async #isChanged(old: ResourceState, inputs: Properties, provider: Provider): Promise<boolean> {
    const differs = !sameValue(old.inputs, inputs);
    const changed = (await provider?.diff(old, old.outputs, inputs, old.inputs)) ?? differs;
    if (this.phase.halt.aborted) throw new Halted();
    return changed || (old.initErrors ?? []).length > 0;
  }

  /** A resource that was skipped and that `resource` cannot exist without. */
  #skippedNeed(resource: ResourceState): string | undefined {
    const provider = resource.provider === undefined ? [] : [providerUrn(resource.provider)];
    const needs = [...provider, ...(resource.dependencies ?? []), resource.parent ?? ""];
    return needs.find((urn) => this.#skipped.has(urn));
  }

  /** Skips a resource that --target leaves out, or that a destroy would create. The program gets no outputs. */
  #skip({ urn }: ResourceState): Promise<Registered> {
    this.#skipped.add(urn);
    this.phase.log.pass("same", urn);
    return Promise.resolve({ urn, id: "", outputs: {} });
  }
}

/** Whether the replacement trigger changed since the last deployment. An unknown value counts as a change. */
function isTriggered(next: ResourceState, old: ResourceState): boolean {
  const [now, before] = [next.replacementTrigger ?? null, old.replacementTrigger ?? null];
  if (hasUnknown(now) || hasUnknown(before)) return true;
  return now !== null && before !== null && !sameValue(now, before);
}

function protectedText(urn: string): string {
  return (
    `unable to replace resource "${urn}"\nas it is currently marked for protection. To unprotect the resource, ` +
    "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`"
  );
}

function checkFailureText(
  { type, urn }: ResourceState,
  inputs: Properties,
  { property, reason }: { readonly property: string; readonly reason: string },
): string {
  const resource = `${type} resource '${nameOf(urn)}'`;
  if (property === "") return `${resource} has a problem: ${reason}`;
  const value = inputs[property];
  const text = value === undefined ? "{<nil>}" : shown(value);
  return `${resource}: property ${property} value ${text} has a problem: ${reason}`;
}

function shown(value: Value): string {
  if (isSecret(value)) return "{[secret]}";
  if (isArray(value)) return `{[${value.map(shown).join(" ")}]}`;
  return typeof value === "object" ? `{${JSON.stringify(value)}}` : `{${value}}`;
}
