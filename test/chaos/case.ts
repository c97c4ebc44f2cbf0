import fc from "fast-check";
import type { ApiKey, Behaviour, FaultRule } from "../../emulator/index";
import type { PurgeMethod, PurgeEvent, Target } from "../../provider/purge/types";
import { rarely, weighted } from "./arbitraries";
import { behaviours, flickers, keys, rules, switchOffs } from "./server";
import { canaries, day, tags } from "./words";

/** One random purge, or two at a time: the documents, the request, and the faults. Plain data, so that it can be printed. */
export interface Case extends Asked {
  readonly containers: Readonly<Record<string, { readonly documents: readonly Group[]; readonly memories: number }>>;
  readonly protectedTags: readonly string[];
  readonly allowedTags: readonly string[] | undefined;
  readonly recordedAddress: "none" | "same" | "other" | "accepted";
  readonly timeoutMs: number;
  readonly apiVersion: "auto" | "v3" | "v5";
  readonly concurrency: number;
  readonly latencyMs: number;
  readonly behaviour: Partial<Behaviour>;
  readonly key: Omit<ApiKey, "key">;
  readonly faults: readonly FaultRule[];
  /** The n-th connection is never made, until the timeout or until the purge is stopped meanwhile. */
  readonly slowConnect: { readonly nth: number; readonly until: "timeout" | "stop" } | undefined;
  /** The purge is stopped at the n-th request, or the engine stops responding before the n-th deleting request. */
  readonly stop: { readonly by: "signal" | "engine"; readonly nth: number } | undefined;
  readonly second: Second | undefined;
}

/** What one resource asks for. */
export interface Asked {
  readonly targets: readonly Target[];
  readonly method: PurgeMethod;
  /** maxDeletions: a number, or relative to the number of documents. */
  readonly limit: { readonly max: number } | { readonly beyondTheCount: number };
  /** Protected tags that may be purged: while they are managed, and when they are removed. */
  readonly allow: { readonly managed: readonly string[]; readonly removed: readonly string[] };
  readonly verify: boolean;
  /** The version that the resource was last purged on. */
  readonly recorded: "v3" | "v5" | null;
}

/** A second resource of the program, which is purged in the same process at the same time. */
export interface Second extends Asked {
  /** Two resources with the same key cannot manage the same tag. */
  readonly sameKey: boolean;
  /** It begins with the n-th request of the first purge; 0 is before the first request. */
  readonly startsAt: number;
}

export interface Group {
  readonly count: number;
  readonly ageMs: number;
  readonly atOnce: boolean;
  readonly processing: number | "forever" | undefined;
  readonly failed: boolean;
  readonly kind: string | undefined;
  readonly alsoIn: readonly string[];
}

const target = fc.record({
  containerTag: weighted([60, "pr-1"], [60, "pr-2"], [30, "pr-3"], [8, "eu:Prod"], [8, "live"], [1, "pr-*"], [1, ""]),
  event: fc.constantFrom<PurgeEvent>("create", "update", "drift", "delete"),
});

const group: fc.Arbitrary<Group> = fc.record({
  count: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 110 }) },
    { weight: 1, arbitrary: fc.integer({ min: 90, max: 250 }) },
  ),
  ageMs: fc.constantFrom(1_000, day - 1, day, day + 1, 10 * day, 30 * day, 40 * day),
  atOnce: fc.boolean(),
  processing: rarely(weighted<number | "forever">([4, 2_000], [4, 20_000], [1, 400_000], [1, "forever"]), 10),
  failed: rarely(fc.constant(true), 6).map((given) => given ?? false),
  kind: fc.option(fc.constantFrom(...canaries.kinds), { nil: undefined }),
  alsoIn: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom(...tags.all), { minLength: 1, maxLength: 3 }) },
  ),
});

const container = fc.record({
  documents: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 9, arbitrary: fc.array(group, { minLength: 1, maxLength: 4 }) },
  ),
  memories: fc.nat(3),
});

const selection = fc.record({
  olderThanMs: rarely(fc.constantFrom(day, 10 * day, 30 * day), 2),
  newerThanMs: rarely(fc.constantFrom(10 * day, 30 * day, 60 * day), 4),
  status: rarely(fc.subarray(["done", "failed", "queued", "extracting"], { minLength: 1 }), 4),
  metadata: rarely(fc.record({ kind: fc.constantFrom(...canaries.kinds) }), 4),
});

const methods: fc.Arbitrary<PurgeMethod> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<PurgeMethod>({ kind: "tag" }) },
  { weight: 2, arbitrary: fc.constant<PurgeMethod>({ kind: "container" }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("ids" as const),
      select: rarely(selection, 2),
      sharedDocuments: weighted([4, "delete" as const], [2, "keep" as const], [1, "refuse" as const]),
    }),
  },
);

const resource = {
  targets: fc.uniqueArray(target, { minLength: 1, maxLength: 4, selector: ({ containerTag }) => containerTag }),
  method: methods,
  limit: fc.oneof(
    { weight: 12, arbitrary: fc.constant({ max: 10_000 }) },
    { weight: 1, arbitrary: fc.constantFrom({ max: 0 }, { max: 50 }) },
    { weight: 4, arbitrary: fc.integer({ min: -1, max: 2 }).map((beyondTheCount) => ({ beyondTheCount })) },
  ),
  allow: fc.record({ managed: allowance(), removed: allowance() }),
  verify: weighted([3, true], [1, false]),
  recorded: weighted<"v3" | "v5" | null>([2, null], [3, "v3"], [1, "v5"]),
};

const all = fc.record({
  containers: fc.record(
    { "pr-1": container, "pr-2": container, "pr-3": container, "eu:Prod": container, elsewhere: container },
    { requiredKeys: ["pr-1"] },
  ),
  ...resource,
  protectedTags: rarely(fc.constant(["pr-3"]), 8).map((given) => given ?? []),
  allowedTags: rarely(fc.constantFrom(["*"], ["pr-*", "live", "eu:*"], []), 12),
  recordedAddress: weighted([18, "none"], [18, "same"], [8, "accepted"], [1, "other"]),
  timeoutMs: weighted([14, 120_000], [1, 600_000], [1, 5_000]),
  apiVersion: fc.constantFrom("auto", "v3", "v5"),
  concurrency: fc.constantFrom(1, 2, 8),
  latencyMs: weighted([14, 0], [1, 20], [1, 3_000]),
  behaviour: behaviours,
  key: keys,
  faults: rules,
  stop: rarely(fc.record({ by: fc.constantFrom("signal", "engine"), nth: fc.integer({ min: 1, max: 6 }) }), 10),
  slowConnect: rarely(
    fc.record({ nth: fc.integer({ min: 1, max: 3 }), until: fc.constantFrom("timeout", "stop") }),
    20,
  ),
  second: rarely(
    fc.record({ ...resource, sameKey: fc.boolean(), startsAt: weighted([3, 0], [1, 1], [1, 2], [1, 4]) }),
    3,
  ),
  /** v3 is switched off, or flickers, during the purge, which the random faults rarely do. */
  switchOff: rarely(fc.oneof(switchOffs, flickers), 3),
});

export const cases: fc.Arbitrary<Case> = all.map(({ switchOff, ...given }) => {
  const asked = { ...given, behaviour: filteredForScoped(given) };
  return switchOff === undefined
    ? asked
    : {
        ...asked,
        apiVersion: "auto",
        behaviour: { ...asked.behaviour, v3: "on", v5: "on" },
        faults: [switchOff, ...asked.faults],
      };
});

/** The 403 for a scoped key is the proof that its lists are filtered. A server that filters only the 403 is not tested. */
function filteredForScoped({ behaviour, key }: Pick<Case, "behaviour" | "key">): Partial<Behaviour> {
  return key.containerTags === undefined ? behaviour : { ...behaviour, listFilter: "exact" };
}

function allowance(): fc.Arbitrary<readonly string[]> {
  return weighted<readonly string[]>([12, tags.all], [1, []], [1, ["eu:Prod"]], [1, ["live", "pr-3"]]);
}
