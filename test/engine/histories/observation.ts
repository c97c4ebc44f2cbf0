import { z } from "zod";
import { type Emulator } from "../../../emulator";
import { type Run } from "../types";
import { normalized, type Normalize } from "./normalize";
import { type Call } from "./recorder";

/** The result of a step, without random values. Two engines have to agree on all of it. */
export interface Observation {
  readonly ok: boolean;
  /** In order, except those of explicit providers, which come last: they are not part of the chain. */
  readonly steps: readonly string[];
  /** The calls of each provider process in order. Outside a chain and in a refresh, only the calls of one resource have an order. */
  readonly calls: readonly unknown[];
  readonly state: readonly Readonly<Record<string, unknown>>[];
  readonly requests: readonly string[];
  readonly ledger: readonly unknown[];
  readonly containers: Readonly<Record<string, number>>;
  /** A step failed, and no up has written the outputs of the stack since. */
  readonly hasRacedOutputs: boolean;
  /** The text on the terminal, which is not compared. */
  readonly output: string;
}

export function observe(seen: {
  readonly run: Run;
  readonly calls: readonly Call[];
  readonly state: string;
  readonly requests: Emulator["requests"];
  readonly ledger: Emulator["ledger"];
  readonly containers: Readonly<Record<string, number>>;
  readonly isOrdered: boolean;
  readonly hidden: readonly string[];
}): Omit<Observation, "hasRacedOutputs"> {
  const { run, isOrdered } = seen;
  const normalize = normalized(seen.hidden);
  const inOrder = <T>(list: readonly T[]): readonly T[] => (isOrdered ? list : sorted(list));
  const steps = run.steps.map(({ op, urn }) => `${op} ${urn}`);
  return {
    ok: run.ok,
    steps: [...inOrder(steps.filter((step) => !isOfProvider(step))), ...sorted(steps.filter(isOfProvider))],
    calls: processes(seen.calls, isOrdered, normalize),
    state: resourcesIn(seen.state, normalize),
    requests: inOrder(
      seen.requests.map(({ method, path, containerTags, status }) =>
        [method, path, containerTags.join(","), String(status)].join(" "),
      ),
    ),
    ledger: inOrder(seen.ledger.map(({ route, containerTag, documentIds }) => ({ route, containerTag, documentIds }))),
    containers: seen.containers,
    output: run.output,
  };
}

function isOfProvider(step: string): boolean {
  return step.includes("::pulumi:providers:");
}

function processes(calls: readonly Call[], isOrdered: boolean, normalize: Normalize): readonly unknown[] {
  return sorted(
    grouped(calls, ({ pid }) => pid).map((own) => {
      const shown = (list: readonly Call[]) =>
        list.map(({ method, urn, args, result, error }) => normalize({ method, urn, args, result, error }));
      return isOrdered ? shown(own) : sorted(grouped(own, ({ urn }) => urn).map(shown));
    }),
  );
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<unknown, T[]>();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()];
}

function resourcesIn(text: string, normalize: Normalize): Observation["state"] {
  if (text === "") return [];
  const { resources } = stateSchema.parse(JSON.parse(text)).checkpoint.latest;
  const seen = resources.map((resource) => objectSchema.parse(normalize(withoutEmpty(resource))));
  // By URN first, so that what an engine leaves out of a resource does not move it.
  return sorted(seen, (resource) => `${String(resource["urn"])} ${JSON.stringify(resource)}`);
}

/** The state may contain empty inputs, outputs and dependencies or not, and dependencies are in any order. */
function withoutEmpty(resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { propertyDependencies, dependencies, ...rest } = dependenciesSchema.parse(resource);
  const needed = Object.entries(propertyDependencies).map(([key, urns]) => [key, sorted(urns ?? [])] as const);
  const all = {
    ...rest,
    dependencies: sorted(dependencies),
    propertyDependencies: Object.fromEntries(needed.filter(([, urns]) => urns.length > 0)),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value)));
}

const dependenciesSchema = z.looseObject({
  dependencies: z.array(z.string()).default([]),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
});

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

const objectSchema = z.record(z.string(), z.unknown());

const stateSchema = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(objectSchema).default([]) }) }),
});

function sorted<T>(list: readonly T[], key: (one: T) => string = textOf): readonly T[] {
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function textOf(one: unknown): string {
  return typeof one === "string" ? one : JSON.stringify(one);
}
