import fc from "fast-check";
import { API_ENDS } from "../../emulator/api/api-version";
import type { ApiEnd, ApiKey, Behaviour, Fault, FaultMatch, FaultRule, Meanwhile, Moment } from "../../emulator/index";
import { canaries, tags } from "./words";

/** The random server: its behaviour, its keys and its faults. */

type Behaviours = { readonly [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> };

/** A new behaviour of the emulator is one line here. */
const each: Behaviours = {
  processingMs: fc.constant(0),
  dreamingMs: usually(0, 60_000),
  processingDeletes: usually("refuse", "conflict", "allow"),
  unknownTag: usually("zero", "notFound"),
  omitContainerTags: usually("never", "always", "some"),
  listFilter: rarely("exact", "none", "prefix", "ignoreCase"),
  listOrder: rarely("kept", "oldestFirst", "newestFirst", "byId"),
  listTotals: rarely("exact", "huge"),
  emptyErrors: usually("array", "omitted"),
  memoriesPerDocument: usually(0, 2),
  maxListLimit: usually(1100, 100),
  unknownNamespace: usually("empty", "notFound"),
  countField: usually("count", "deletedCount"),
  sharedDeletes: usually("everywhere", "namespace"),
  namespaceDeleters: usually("admins", "writers"),
  invalidRequests: usually("issues", "message"),
  moveStatus: fc.constant(202),
  successFlag: usually(false, true),
  v5Release: usually("5.0.1", "5.0.0"),
  updatedOrder: usually("kept", "ignored"),
  lastActivity: usually("right", "null", "epoch", "yearOne", "beforeCreation"),
  duplicateContainers: usually("none", "staleFirst", "staleLast"),
  v3: fc.oneof(
    { weight: 12, arbitrary: fc.constant("on" as const) },
    { weight: 1, arbitrary: fc.constantFrom("off" as const, "gone" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...API_ENDS) },
  ),
  v5: usually("on", "on", "on", "off"),
};

export const behaviours: fc.Arbitrary<Behaviour> = fc.record(each);

export const keys: fc.Arbitrary<Omit<ApiKey, "key">> = fc.oneof(
  { weight: 30, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constantFrom<Omit<ApiKey, "key">>({ role: "admin" }, { role: "member" }) },
  { weight: 1, arbitrary: fc.constant({ canDelete: false }) },
  { weight: 2, arbitrary: fc.subarray([...tags.targets], { minLength: 1 }).map((all) => ({ containerTags: all })) },
);

type Faults = { readonly [Kind in Fault["kind"]]: fc.Arbitrary<Extract<Fault, { kind: Kind }>> };

const when = fc.constantFrom<Moment>("beforeEffect", "afterEffect");
const anyTag = fc.constantFrom(...tags.all, tags.bystander);

/** Fresh documents during a wait, and documents that are protected or elsewhere after it. */
const meanwhiles: readonly Meanwhile[] = [
  { kind: "write", documents: 2 },
  { kind: "write", documents: 60 },
  { kind: "share", documents: 1, containerTag: "live" },
  { kind: "share", documents: 2, containerTag: "elsewhere" },
  { kind: "move", documents: 1, containerTag: "live" },
  { kind: "move", documents: 2, containerTag: "elsewhere" },
];

/** A new fault of the emulator is one line here. */
const faults: Faults = {
  rateLimit: fc.constantFrom<Extract<Fault, { kind: "rateLimit" }>>(
    { kind: "rateLimit" },
    { kind: "rateLimit", retryAfter: 0, shape: "code" },
    { kind: "rateLimit", retryAfter: 0.001 },
    { kind: "rateLimit", retryAfter: 3 },
    { kind: "rateLimit", retryAfter: 9_999 },
    { kind: "rateLimit", retryAfter: 2, when: "afterEffect" },
    { kind: "rateLimit", headers: { "retry-after-ms": "2500" } },
    { kind: "rateLimit", headers: { "x-ratelimit-reset": "9999999999" } },
    ...meanwhiles.map((meanwhile): Extract<Fault, { kind: "rateLimit" }> => ({
      kind: "rateLimit",
      retryAfter: 2,
      meanwhile,
    })),
  ),
  serverError: fc.record(
    {
      kind: fc.constant("serverError"),
      status: fc.constantFrom(500, 503),
      when,
      retryAfter: fc.constantFrom(0, 3, 9_999),
    },
    { requiredKeys: ["kind", "status", "when"] },
  ),
  reset: fc.record({ kind: fc.constant("reset"), when }),
  slow: fc.oneof(
    { weight: 9, arbitrary: fc.record({ kind: fc.constant("slow"), ms: fc.constant(1), when }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("slow"), when }) },
  ),
  notFound: fc.constantFrom({ kind: "notFound", as: "html" }, { kind: "notFound", as: "json" }),
  notJson: fc.record({ kind: fc.constant("notJson"), body: fc.constant(`<p>${canaries.key}</p>`), when }),
  wrongShape: fc.constantFrom(
    { kind: "wrongShape", body: { success: false, deletedCount: 1 } },
    { kind: "wrongShape", body: { memories: [{ id: 1, content: canaries.content, metadata: canaries.kinds }] } },
    { kind: "wrongShape", body: { documents: [{ title: canaries.title }], count: -1 } },
    { kind: "wrongShape", body: { error: `the key ${canaries.key} is bad` }, status: 400, when: "beforeEffect" },
    { kind: "wrongShape", body: { error: `for ${canaries.key}` }, status: 500 },
  ),
  partial: fc.constantFrom(
    { kind: "partial", documents: 1 },
    { kind: "partial", documents: 1, claims: 7 },
    { kind: "partial", documents: 1, reason: `Bearer ${canaries.key} has no right` },
    { kind: "partial", leaves: { everyNth: 3 }, reason: "locked, try later" },
    { kind: "partial", leaves: { first: 2 } },
    { kind: "partial", success: false },
  ),
  busy: fc.constantFrom<Extract<Fault, { kind: "busy" }>>(
    { kind: "busy" },
    { kind: "busy", when: "afterEffect" },
    { kind: "busy", when: "afterEffect", documents: 2 },
    ...meanwhiles.map((meanwhile): Extract<Fault, { kind: "busy" }> => ({ kind: "busy", meanwhile })),
  ),
  refusal: fc.record({
    kind: fc.constant("refusal"),
    status: fc.constantFrom(303, 400, 401, 403, 404, 405),
    as: fc.constantFrom("html", "json"),
    when,
  }),
  lateWriter: fc.record(
    { kind: fc.constant("lateWriter"), documents: fc.constantFrom(1, 2, 120), containerTag: anyTag },
    { requiredKeys: ["kind", "documents"] },
  ),
  lateDeleter: fc.record(
    {
      kind: fc.constant("lateDeleter"),
      documents: fc.constantFrom<number | "container">(1, 2, 120, "container"),
      containerTag: anyTag,
      from: fc.constantFrom("oldest", "newest"),
      when,
    },
    { requiredKeys: ["kind", "documents"] },
  ),
  listLag: fc.record(
    { kind: fc.constant("listLag"), lists: fc.constantFrom(1, 2, 7, 40), flickers: fc.boolean() },
    { requiredKeys: ["kind", "lists"] },
  ),
  switchOff: fc.record({
    kind: fc.constant("switchOff"),
    as: fc.oneof(fc.constantFrom<ApiEnd>("off", "gone"), fc.constantFrom(...API_ENDS)),
    when,
  }),
};

const matches: fc.Arbitrary<FaultMatch> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ method: fc.constantFrom("POST", "DELETE", "DELETE", "DELETE") }) },
  { weight: 1, arbitrary: fc.record({ method: fc.constantFrom("POST", "DELETE"), api: fc.constantFrom("v3", "v5") }) },
  { weight: 1, arbitrary: fc.constant({}) },
);
const ofDeletes: readonly Fault["kind"][] = ["partial", "busy", "listLag"];

/** Faults of deletes match deletes. A writer that never stops is slower than the paging of lists. */
const rule: fc.Arbitrary<FaultRule> = fc
  .record({
    match: matches,
    nth: fc.constantFrom(1, 1, 1, 1, 1, 2, 2, 3, 5),
    times: fc.constantFrom(1, 1, 1, 2, 3, Infinity),
    then: fc.oneof(...Object.values(faults)),
  })
  .map(({ match, then, ...rest }) => ({
    ...rest,
    match: ofDeletes.includes(then.kind) ? { ...match, method: "DELETE" } : match,
    then: then.kind === "lateWriter" && rest.times === Infinity ? { ...then, documents: 2 } : then,
  }));

/** v3 is switched off at one of the first requests: the count, a delete, or a list after it. */
export const switchOffs: fc.Arbitrary<FaultRule> = fc.record({
  match: fc.constantFrom<FaultMatch>({ api: "v3" }, { api: "v3", method: "DELETE" }, { api: "v3", method: "DELETE" }),
  nth: fc.constantFrom(1, 1, 2, 2, 3, 4, 6),
  then: faults.switchOff,
});

/** v3 fails for some requests, or for less than the 20 s that show its end to a resource that was purged on v3. */
export const flickers: fc.Arbitrary<FaultRule> = fc
  .record({
    match: fc.constantFrom<FaultMatch>({ api: "v3" }, { api: "v3" }, { api: "v3", method: "POST" }),
    nth: fc.constantFrom(1, 1, 1, 2, 3, 4),
    times: fc.constantFrom(1, 1, 2, 3),
    as: fc.constantFrom(...API_ENDS),
    forMs: fc.constantFrom(0, 0, 0, 1_000, 15_000),
  })
  .map(({ as, forMs, match, nth, times }) => ({
    ...{ match, nth, times: forMs === 0 ? times : 1 },
    then: { kind: "switchOff", as, forMs },
  }));

export const rules: fc.Arbitrary<readonly FaultRule[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(rule, { minLength: 1, maxLength: 3 }) },
);

/** Behaviour that stops most purges. */
function rarely<const T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 15, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

function usually<const T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}
