import assert from "node:assert/strict";
import { hits, lied, outcomeOf, ownHits, taggings, writes } from "./invariants";
import type { Evidence } from "./run";
import { deletesOf, listsOf } from "./traffic";

export function checkNumbers(evidence: Evidence): void {
  const outcome = outcomeOf(evidence);
  if (outcome === undefined) return;
  const { emulator } = evidence;
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  assert.equal(outcome.deleted, sum(outcome.tags.map(({ deleted }) => deleted)));
  assert.equal(outcome.planned, sum(outcome.tags.map(({ planned }) => planned)));
  assert.equal(
    outcome.estimated,
    outcome.tags.some(({ estimated }) => estimated),
  );
  if (outcome.estimated) {
    const { beside } = evidence;
    assert(
      responseLost(evidence) || mayCountTwice(evidence) || (beside !== undefined && responseLost(beside)),
      "an estimate although no response was lost",
    );
  }
  for (const tag of outcome.tags) {
    for (const number of [tag.planned, tag.deleted, tag.remaining ?? 0, tag.lastSeen, tag.written]) {
      assert(Number.isInteger(number) && number >= 0, `a number of ${tag.containerTag}: ${number}`);
    }
    if (tag.least) assert(tag.estimated, "a lower bound of a certain number");
    assert(tag.remaining !== undefined || !tag.done, "the remaining number of a complete purge is unknown");
    assert(tag.goneWithoutResponse <= tag.planned + tag.written || writes(evidence) > 0, "gone");
  }
  if (lied(evidence) || undecidable(evidence)) return;

  const ledger = ledgerByTag(evidence);
  if (!outcome.estimated) {
    assert.equal(outcome.deleted, sum(emulator.ledger.map(({ count }) => count)), "not what the server deleted");
  }
  if (ledger === undefined) return;
  for (const { containerTag, deleted, estimated, least } of outcome.tags) {
    const actual: number = ledger.get(containerTag) ?? 0;
    if (!estimated) assert.equal(deleted, actual, `not what the server deleted in ${containerTag}`);
    if (least) assert(deleted <= actual, `the lower bound is too high in ${containerTag}`);
    else if (estimated && outcome.tags.length === 1) {
      assert(deleted >= actual, `fewer than the server deleted in ${containerTag}`);
    }
  }
  checkRemaining(evidence);
}

/**
 * A purge whose response is missing counts what disappears, also what the other purge deletes in the same container at
 * the same time. So the number of neither is certain.
 */
export function checkTwo([one, two]: readonly Evidence[]): void {
  if (one === undefined || two === undefined) return;
  for (const [lost, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const times = lost.exchanges.filter(isLostDelete).map(({ sentAt }) => sentAt);
    const [target, another] = lost.asked.targets;
    const atOnce = other.startedAt < lost.endedAt && other.endedAt > Math.min(...times);
    if (target === undefined || another !== undefined || !atOnce) continue;
    const result = outcomeOf(other)?.tags.find(({ containerTag }) => containerTag === target.containerTag);
    if (result === undefined || result.deleted === 0) continue;
    assert(result.estimated, `certain although another purge of ${target.containerTag} missed a response`);
  }
}

function isLostDelete({ request, response }: Evidence["exchanges"][number]): boolean {
  return request.method === "DELETE" && (response?.status !== 200 || response.text.startsWith("<"));
}

/** The reported remaining number is not below the number of counted documents that remain. */
function checkRemaining(evidence: Evidence): void {
  const { after, asked, before } = evidence;
  if (hits(evidence, "lateDeleter") + writes(evidence) > 0) return;
  for (const { containerTag, deleted, estimated, planned, remaining } of outcomeOf(evidence)?.tags ?? []) {
    if (remaining === undefined || estimated) continue;
    if (hits(evidence, "listLag") === 0)
      assert(deleted + remaining <= planned, `${containerTag}: more than was counted`);
    if (asked.method.kind === "ids") continue;
    const was = new Set(before.documents.map(({ id }) => id));
    const left = after.documents.filter(({ containerTags, id }) => was.has(id) && containerTags.includes(containerTag));
    assert(remaining >= left.length, `${containerTag}: ${left.length} left, ${remaining} reported`);
  }
}

/**
 * Whether a response is missing while others deleted or wrote documents. Then nothing shows which of them the purge
 * deleted.
 */
function undecidable(evidence: Evidence): boolean {
  const others = hits(evidence, "lateDeleter") + writes(evidence) + taggings(evidence);
  return others > 0 && responseLost(evidence);
}

/** Documents that a delete has left, or that a list still shows, are deleted again, and may be counted again. */
function mayCountTwice(evidence: Evidence): boolean {
  return hits(evidence, "partial") + hits(evidence, "listLag") + writes(evidence) > 0;
}

function responseLost(evidence: Evidence): boolean {
  const deletes = deletesOf(evidence);
  const unread = ownHits(evidence, "notJson") + ownHits(evidence, "wrongShape");
  const vague = ownHits(evidence, "partial", (fault) => fault.kind === "partial" && fault.success === false);
  return (
    deletes.some(({ lost }) => lost) ||
    deletes.length < evidence.mutatingAttempts ||
    unread + vague > 0 ||
    lied(evidence)
  );
}

/** Deleted documents by tag. Undefined when a v3 delete by ids can belong to more than one tag. */
function ledgerByTag(evidence: Evidence): ReadonlyMap<string, number> | undefined {
  const { asked, emulator } = evidence;
  const shown = new Map<string, Set<string>>();
  for (const { containerTag, ids } of listsOf(evidence)) {
    shown.set(containerTag, new Set([...(shown.get(containerTag) ?? []), ...ids]));
  }
  const ledger = new Map<string, number>();
  for (const { containerTag, count, documentIds, request, route } of emulator.ledger) {
    const [named] = emulator.requests.find(({ sequence }) => sequence === request)?.containerTags ?? [];
    const possible =
      containerTag !== null || route.startsWith("v5.")
        ? [containerTag ?? named]
        : asked.targets
            .map((target) => target.containerTag)
            .filter((tag) => documentIds.every((id) => shown.get(tag)?.has(id) === true));
    const [tag, another]: readonly (string | undefined)[] = possible;
    if (tag === undefined || another !== undefined) return undefined;
    ledger.set(tag, (ledger.get(tag) ?? 0) + count);
  }
  return ledger;
}
