import assert from "node:assert/strict";
import type { Fault, Meanwhile } from "../../emulator/index";
import { RefusedError, SupermemoryError } from "../../provider/errors";
import { PurgeIncompleteError } from "../../provider/purge/purge";
import type { PurgeOutcome, Target } from "../../provider/purge/types";
import { checkCalm } from "./calm";
import { checkNumbers, checkTwo } from "./numbers";
import { mayUseV5, type Oracle, oracleOf } from "./oracle";
import type { Case } from "./case";
import type { Evidence } from "./run";
import { deletesOf, listsOf } from "./traffic";
import { canaries, tags } from "./words";

/** What is true of the purges of every case. @throws AssertionError for what is not */
export function checkCase(given: Case, all: readonly Evidence[]): void {
  for (const evidence of all) checkInvariants(evidence);
  checkTwo(all);
  checkClaims(given, all);
}

/** What is true of every purge. */
function checkInvariants(evidence: Evidence): void {
  const oracle = oracleOf(evidence);
  checkScope(evidence, oracle);
  checkVersion(evidence);
  checkAfterWaits(evidence, oracle);
  checkRequests(evidence);
  checkBystanders(evidence);
  checkRefusals(evidence, oracle);
  checkNumbers(evidence);
  checkSuccess(evidence, oracle);
  checkEnd(evidence);
  checkTexts(evidence);
  checkCalm(evidence, oracle);
}

/** The outcome of a purge that may have deleted. Undefined for one that reports "nothing was deleted". */
export function outcomeOf({ error, outcome }: Evidence): PurgeOutcome | undefined {
  return outcome ?? (error instanceof PurgeIncompleteError ? error.outcome : undefined);
}

export function hits(
  { emulator }: Evidence,
  kind: Fault["kind"],
  such: (fault: Fault) => boolean = () => true,
): number {
  return emulator.faults.reduce(
    (sum, { hits: count, rule }) => sum + (rule.then.kind === kind && such(rule.then) ? count : 0),
    0,
  );
}

/** As `hits`, of requests of this purge alone. */
export function ownHits(
  { emulator }: Evidence,
  kind: Fault["kind"],
  such: (fault: Fault) => boolean = () => true,
): number {
  const rules = emulator.faults.filter(({ rule: { then } }) => then.kind === kind && such(then));
  const names = new Set(rules.map(({ rule }) => rule.name));
  return emulator.requests.filter(({ fault }) => fault !== null && names.has(fault)).length;
}

/** How often another client wrote documents during the purge. */
export function writes(evidence: Evidence): number {
  return hits(evidence, "lateWriter") + meanwhiles(evidence, "write");
}

/** How often documents were written while a request of this purge waited. */
function ownWrites(evidence: Evidence): number {
  const isWrite = (fault: Fault): boolean => "meanwhile" in fault && fault.meanwhile.kind === "write";
  const kinds = new Set(evidence.emulator.faults.map(({ rule }) => rule.then.kind));
  return [...kinds].reduce((sum, kind) => sum + ownHits(evidence, kind, isWrite), 0);
}

/** How often another client tagged or moved documents during the purge. */
export function taggings(evidence: Evidence): number {
  return meanwhiles(evidence, "share") + meanwhiles(evidence, "move");
}

function meanwhiles({ emulator }: Evidence, kind: Meanwhile["kind"]): number {
  return emulator.faults.reduce(
    (sum, { hits: count, rule: { then } }) => sum + ("meanwhile" in then && then.meanwhile.kind === kind ? count : 0),
    0,
  );
}

export function lied(evidence: Evidence): boolean {
  return ownHits(evidence, "partial", (fault) => fault.kind === "partial" && fault.claims !== undefined) > 0;
}

function checkScope(evidence: Evidence, oracle: Oracle): void {
  const { asked, before, emulator, maxDeletions } = evidence;
  const known = new Map(before.documents.map((document) => [document.id, document]));
  const writtenLate = writes(evidence);
  const exact = asked.method.kind === "ids";
  const checkId = (id: string, how: string): void => {
    const document = known.get(id);
    if (document === undefined) assert(writtenLate > 0, `${how} an unknown document`);
    else assert(oracle.may(document), `${how} a document outside the scope: ${document.containerTags.join(",")}`);
  };
  for (const { documentIds } of emulator.ledger) for (const id of documentIds) checkId(id, "deleted");
  for (const { ids = [] } of deletesOf(evidence)) for (const id of ids) checkId(id, "asked to delete");

  const deleted = emulator.ledger.reduce((sum, { count }) => sum + count, 0);
  // After a wait the purge looks again before it deletes, so only what was written elsewhere has room. Documents that are
  // written while the other purge of the process waits are written elsewhere.
  const elsewhere = hits(evidence, "lateWriter") + meanwhiles(evidence, "write") - ownWrites(evidence);
  const room = exact ? 0 : elsewhere * 120;
  assert(deleted <= maxDeletions + room, `deleted ${deleted}, more than the limit of ${maxDeletions}`);
  const planned = evidence.planned ?? 0;
  if (evidence.mutatingAttempts > 0) assert(planned <= maxDeletions, "deleted although the count is above the limit");
  if (exact) assert(deleted <= planned, `deleted ${deleted}, counted ${planned}`);
}

/** A purge deletes on one version, and on v5 only when v3 has ended. */
function checkVersion(evidence: Evidence): void {
  const versions = new Set(deletesOf(evidence).map(({ path }) => (path.startsWith("/v3/") ? "v3" : "v5")));
  assert(versions.size <= 1, "deletes on both versions");
  if (versions.has("v5")) assert(mayUseV5(evidence), "a delete on v5 although v3 has not ended");
}

/**
 * A document that became protected, shared or part of another container while a delete waited is not part of a later
 * delete. With one request at a time, later means after the wait.
 */
function checkAfterWaits({ asked, before, emulator }: Evidence, oracle: Oracle): void {
  const hasTags = asked.behaviour.omitContainerTags === "never" && emulator.requests.every(({ api }) => api === "v3");
  if (!hasTags || asked.concurrency > 1) return;
  const own = new Set(emulator.requests.map(({ sequence }) => sequence));
  // The other purge of the process waits for itself.
  for (const { documentIds, isMove, request, to } of emulator.lateTaggings.filter((tagging) =>
    own.has(tagging.request),
  )) {
    const later = new Set(
      emulator.ledger.filter((deletion) => deletion.request > request).flatMap((deletion) => deletion.documentIds),
    );
    for (const document of before.documents.filter(({ id }) => documentIds.includes(id) && later.has(id))) {
      const now = { ...document, containerTags: isMove ? [to] : [...new Set([...document.containerTags, to])] };
      assert(oracle.may(now), `deleted after it was tagged ${to}`);
      // A delete of a whole container sees the tags of the newest hundred.
      if (asked.method.kind === "ids" || before.documents.length > 90) continue;
      const targets = asked.targets.filter(({ containerTag }) => now.containerTags.includes(containerTag));
      assert(
        targets.some((target) => !oracle.isProtectedBeside(now, target)),
        `deleted after it was protected by ${to}`,
      );
    }
  }
}

function checkRequests(evidence: Evidence): void {
  const { asked, emulator } = evidence;
  const targets = asked.targets.map(({ containerTag }) => containerTag);
  const lists = listsOf(evidence);
  const shown = (tag: string | undefined): ReadonlySet<string> =>
    new Set(lists.filter((list) => tag === undefined || list.containerTag === tag).flatMap(({ ids }) => ids));
  for (const { containerTag, ids, whole } of deletesOf(evidence)) {
    if (containerTag !== undefined) assert(targets.includes(containerTag), `a delete in ${containerTag}`);
    if (ids === undefined) assert.equal(asked.method.kind, whole ? "container" : "tag");
    else {
      assert(ids.length >= 1 && ids.length <= 100, `a delete of ${ids.length} ids`);
      assert.equal(new Set(ids).size, ids.length, "an id twice in a delete");
      const listed = shown(containerTag);
      assert(
        ids.every((id) => listed.has(id)),
        "a delete of an id that no list has shown",
      );
    }
  }
  for (const { bodyBytes, hasQuery, method, path } of emulator.requests) {
    if (method === "DELETE" && /^\/ns\/[^/]+\/?$/.test(path)) {
      assert(bodyBytes === 0 && !hasQuery, "the delete of a namespace has a body or a query");
    }
    assert(method !== "PATCH", "a PATCH");
  }
  for (const { containerTag } of lists) {
    assert(
      containerTag === tags.probe || targets.some((target) => isSimilar(containerTag, target)),
      `a list of ${containerTag}`,
    );
  }
}

/** The tag itself, in other cases, or without its last characters: lists that check the filter. */
function isSimilar(containerTag: string, target: string): boolean {
  const fewer = target.length - containerTag.length;
  return containerTag.toLowerCase() === target.toLowerCase() || (target.startsWith(containerTag) && fewer <= 3);
}

function checkBystanders(evidence: Evidence): void {
  const { after, before, beside, emulator } = evidence;
  const purges = [evidence, ...(beside === undefined ? [] : [beside])];
  const tagsOf = ({ asked }: Evidence): readonly string[] => asked.targets.map(({ containerTag }) => containerTag);
  const targets = purges.flatMap(tagsOf);
  const others = new Set(emulator.lateDeletions.flatMap(({ documentIds }) => documentIds));
  const now = new Map(after.documents.map((document) => [document.id, document]));
  for (const document of before.documents) {
    if (others.has(document.id) || document.containerTags.some((tag) => targets.includes(tag))) continue;
    const is = now.get(document.id);
    // Its processing continues during the run.
    const { status, dreamingStatus } = document;
    assert.deepEqual(
      is && { ...is, status, dreamingStatus },
      document,
      "a document of a container that is not purged has changed",
    );
  }
  for (const tag of Object.keys(before.containers)) {
    const mayBeDeleted = purges.some((one) => one.asked.method.kind === "container" && tagsOf(one).includes(tag));
    const deletedByOthers = hits(evidence, "lateDeleter") > 0;
    if (!mayBeDeleted && !deletedByOthers) {
      assert(tag in after.containers, `the container ${tag} was deleted`);
      assert.equal(after.memories[tag], before.memories[tag], `the direct memories of ${tag} have changed`);
    }
  }
}

function checkRefusals(evidence: Evidence, { isProtectedBeside, refusedAtOnce }: Oracle): void {
  const { asked, before, emulator, error, exchanges, mutatingAttempts, outcome } = evidence;
  if (refusedAtOnce !== undefined) {
    assert(error instanceof RefusedError, `not refused although ${refusedAtOnce}`);
    assert.equal(exchanges.length, 0, `requests although ${refusedAtOnce}`);
  }
  if (outcome === undefined && !(error instanceof PurgeIncompleteError)) {
    assert(error instanceof SupermemoryError, `an error of another kind: ${String(error)}`);
    assert.match(error.message, /nothing was deleted/);
    assert.equal(mutatingAttempts, 0, "a deleting request although the message says that nothing was deleted");
    assert.deepEqual(emulator.ledger, []);
  }
  if (asked.method.kind === "ids") return;
  for (const target of asked.targets) {
    const page = before.documents
      .filter(({ containerTags }) => containerTags.includes(target.containerTag))
      .slice(-100);
    const hasTags = asked.behaviour.omitContainerTags === "never";
    const planned = listsOf(evidence).findLast(
      ({ containerTag, forPlan }) => forPlan && containerTag === target.containerTag,
    );
    if (!hasTags || planned?.api !== "v3" || writes(evidence) + emulator.lateDeletions.length > 0) continue;
    const visible = page.some((document) => isProtectedBeside(document, target));
    assert(!visible || emulator.ledger.length === 0, "deleted although a document also carries a protected tag");
  }
}

/** With `verify: false`, documents written during the purge can hide that some of the plan remain. */
function checkSuccess(evidence: Evidence, { must }: Oracle): void {
  const { after, asked, before, outcome } = evidence;
  if (outcome === undefined) return;
  assert(
    outcome.tags.every(({ done, remaining }) => done && remaining === 0),
    "a success although a tag is not done",
  );
  assert.equal(outcome.tags.length, asked.targets.length);
  const writtenLate = writes(evidence) > 0;
  if (lied(evidence) || (!asked.verify && writtenLate)) return;
  const targets = asked.targets.map(({ containerTag }) => containerTag);
  const now = new Map(after.documents.map((document) => [document.id, document]));
  const tagged = new Set(evidence.emulator.lateTaggings.flatMap(({ documentIds }) => documentIds));
  for (const document of before.documents.filter((some) => must(some) && !tagged.has(some.id))) {
    const left = now.get(document.id)?.containerTags.filter((tag) => targets.includes(tag)) ?? [];
    assert.deepEqual(left, [], "a success although a planned document remains");
  }
  if (asked.method.kind !== "container" || writtenLate) return;
  for (const tag of targets) assert(!(tag in after.containers), `a success although the container ${tag} remains`);
}

function checkEnd({ asked, endedAt, exchanges, sentAfterStop, startedAt, timeoutMs }: Evidence): void {
  const took = endedAt - startedAt;
  // Whatever the server returns, it does not set the pace.
  assert(exchanges.length <= 300 + 3 * (took / 1_000), `${exchanges.length} requests in ${took} ms`);
  assert(took <= timeoutMs + asked.latencyMs, `took ${took} ms of ${timeoutMs}`);
  assert.equal(sentAfterStop, 0, "a request after the purge was stopped");
}

/** A container that one resource manages is not purged because another one was removed. */
function checkClaims({ second, targets }: Case, all: readonly Evidence[]): void {
  if (second === undefined) return;
  const managed = (some: readonly Target[]): readonly string[] =>
    some.filter(({ event }) => event !== "delete").map(({ containerTag }) => containerTag);
  const [ofFirst, ofSecond] = [managed(targets), managed(second.targets)];
  for (const { asked } of all) {
    for (const { containerTag, event } of asked.targets) {
      if (event !== "delete") continue;
      const isClaimed = ofFirst.includes(containerTag) || ofSecond.includes(containerTag);
      assert(!isClaimed, `${containerTag} is removed although a resource manages it`);
    }
  }
}

/** No message, status or outcome has a canary. The outcome's `method` repeats the request, metadata included. */
function checkTexts({ apiKey, error, outcome, statuses }: Evidence): void {
  const withoutMethod = (name: string, value: unknown): unknown => (name === "method" ? undefined : value);
  const message = error instanceof Error ? `${error.message}\n${JSON.stringify(error, withoutMethod)}` : "";
  const texts = [message, ...statuses, JSON.stringify({ outcome }, withoutMethod)].join("\n");
  for (const secret of [apiKey, canaries.content, canaries.title, ...canaries.kinds]) {
    assert(!texts.includes(secret), `a text contains ${secret}`);
  }
}
