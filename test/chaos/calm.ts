import assert from "node:assert/strict";
import { RefusedError } from "../../provider/errors";
import type { StoredDocument } from "../../emulator/index";
import type { Oracle } from "./oracle";
import type { Evidence } from "./run";

/** Without faults a purge succeeds or is refused for a reason, and its numbers can be predicted. */
export function checkCalm(evidence: Evidence, oracle: Oracle): void {
  if (!isCalm(evidence) || oracle.refusedAtOnce !== undefined) return;
  const { asked, error, outcome } = evidence;
  const unforeseeable = asked.behaviour.omitContainerTags === "some" || isJudgedTwice(evidence, oracle);
  const expected = refusalsExpected(evidence, oracle);
  if (outcome === undefined) {
    assert(error instanceof RefusedError, `failed although nothing went wrong: ${String(error)}`);
    assert(unforeseeable || expected.includes(error.property), `refused for ${error.property}: ${error.message}`);
    return;
  }
  if (!unforeseeable) assert.deepEqual(expected, [], "not refused");
  assert.equal(outcome.estimated, false);
  if (asked.method.kind !== "container") return;
  for (const { absent, containerTag, memories } of outcome.tags) {
    assert.equal(absent, !(containerTag in evidence.before.containers), `whether ${containerTag} was there`);
    assert((memories ?? 0) >= (evidence.before.memories[containerTag] ?? 0), `memories of ${containerTag}`);
  }
}

/** A document under a container that is managed and one that is given up can be protected for one of them alone. */
function isJudgedTwice({ asked: { targets }, before }: Evidence, { isProtectedBeside }: Oracle): boolean {
  return before.documents.some((document) => {
    const judged = targets.filter(({ containerTag }) => document.containerTags.includes(containerTag));
    return new Set(judged.map((target) => isProtectedBeside(document, target))).size > 1;
  });
}

function isCalm({ asked, emulator, timeoutMs }: Evidence): boolean {
  const { apiVersion, behaviour, containers, key, stop } = asked;
  const documents = Object.values(containers).flatMap((container) => container.documents);
  const reachable = { v3: behaviour.v3 === "on", v5: behaviour.v5 === "on" };
  const responds = apiVersion === "auto" ? reachable.v3 || reachable.v5 : reachable[apiVersion];
  return (
    responds &&
    emulator.faults.every(({ hits }) => hits === 0) &&
    documents.every(({ processing }) => processing === undefined) &&
    stop === undefined &&
    key.canDelete !== false &&
    key.containerTags === undefined &&
    key.role !== "member" &&
    asked.latencyMs < 1_000 &&
    timeoutMs >= 120_000
  );
}

/** The arguments that may be named in a refusal. */
function refusalsExpected(evidence: Evidence, { isProtectedBeside, isShared, must }: Oracle): readonly string[] {
  const { asked, before, exchanges, maxDeletions } = evidence;
  const { method, targets } = asked;
  const inContainer = (tag: string) => before.documents.filter(({ containerTags }) => containerTags.includes(tag));
  const onV5 = exchanges.some(({ request }) => !new URL(request.url).pathname.startsWith("/v3/"));
  const tagsReturned = !onV5 && asked.behaviour.omitContainerTags !== "always";
  const expected: string[] = [];
  if (method.kind === "ids") {
    if (onV5 || asked.apiVersion === "v5") return method.sharedDocuments === "delete" ? limit() : ["sharedDocuments"];
    if (method.sharedDocuments === "refuse" && tagsReturned) {
      if (before.documents.some(isShared)) expected.push("sharedDocuments");
    }
    return [...expected, ...limit()];
  }
  const shared = targets.some((target) =>
    inContainer(target.containerTag)
      .slice(-100)
      .some((document) => isProtectedBeside(document, target)),
  );
  return [...(shared && tagsReturned ? ["containerTags"] : []), ...limit()];

  function limit(): readonly string[] {
    // If the API returns tags, a document under two of the containers is counted once.
    const isPlanned = (document: StoredDocument): boolean =>
      must(document) ||
      (method.kind === "ids" && method.sharedDocuments === "refuse" && tagsReturned && isShared(document));
    const each = targets.map(({ containerTag }) => inContainer(containerTag));
    const total =
      method.kind !== "ids"
        ? each.flat().length
        : tagsReturned
          ? new Set(each.flat().filter(isPlanned)).size
          : each.flat().filter(isPlanned).length;
    const whole = method.kind === "container" && maxDeletions === 0;
    return total > maxDeletions || whole ? ["maxDeletions"] : [];
  }
}
