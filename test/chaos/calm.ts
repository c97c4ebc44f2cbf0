import assert from "node:assert/strict";
import { RefusedError, summaryOf } from "../../provider/errors";
import type { StoredDocument } from "../../emulator/index";
import type { Oracle } from "./oracle";
import type { Evidence } from "./run";

/** When nothing goes wrong, a purge succeeds or is refused for a known reason, and its numbers are predictable. */
export function checkCalm(evidence: Evidence, oracle: Oracle): void {
  if (!isCalm(evidence) || oracle.refusedAtOnce !== undefined) return;
  const { asked, error, outcome } = evidence;
  const unforeseeable =
    asked.behaviour.omitContainerTags === "some" || isUntrusted(evidence) || isAmbiguous(evidence, oracle);
  const expected = refusalsExpected(evidence, oracle);
  if (outcome === undefined) {
    // Pages in a wrong order that page 1 does not show end the purge.
    if (isUntrusted(evidence) && summaryOf(error).includes("is not in the order of the request")) return;
    assert(error instanceof RefusedError, `failed in a calm case: ${String(error)}`);
    assert(unforeseeable || expected.includes(error.property), `refused for ${error.property}: ${error.message}`);
    return;
  }
  if (!unforeseeable) assert.deepEqual(expected, [], "not refused");
  assert.equal(outcome.estimated, false);
  if (asked.method.kind !== "container") return;
  for (const { absent, containerTag, memories } of outcome.tags) {
    assert.equal(absent, !(containerTag in evidence.before.containers), `whether ${containerTag} existed`);
    assert((memories ?? 0) >= (evidence.before.memories[containerTag] ?? 0), `memories of ${containerTag}`);
  }
}

/** Lists that are not filtered are refused, if they show it. In a wrong order, they show more than the newest documents. */
function isUntrusted({ asked, before }: Evidence): boolean {
  const { listFilter = "exact", listOrder = "kept" } = asked.behaviour;
  return (
    listFilter !== "exact" || (listOrder !== "kept" && Object.values(before.containers).some((size) => size > 100))
  );
}

/** A document in a managed and in a removed container can be protected for only one of them. */
function isAmbiguous({ asked: { targets }, before }: Evidence, { isProtectedBeside }: Oracle): boolean {
  return before.documents.some((document) => {
    const own = targets.filter(({ containerTag }) => document.containerTags.includes(containerTag));
    return new Set(own.map((target) => isProtectedBeside(document, target))).size > 1;
  });
}

function isCalm({ asked, beside, emulator, isStalled, timeoutMs }: Evidence): boolean {
  const { apiVersion, behaviour, containers, key, stop } = asked;
  const documents = Object.values(containers).flatMap((container) => container.documents);
  const reachable = { v3: behaviour.v3 === "on", v5: behaviour.v5 === "on" };
  const isReachable = apiVersion === "auto" ? reachable.v3 || reachable.v5 : reachable[apiVersion];
  return (
    isReachable &&
    beside === undefined &&
    emulator.faults.every(({ hits }) => hits === 0) &&
    documents.every(({ processing }) => processing === undefined) &&
    stop === undefined &&
    behaviour.listTotals !== "huge" &&
    !isStalled &&
    key.canDelete !== false &&
    key.containerTags === undefined &&
    key.role !== "member" &&
    asked.latencyMs < 1_000 &&
    timeoutMs >= 120_000
  );
}

function refusalsExpected(evidence: Evidence, { isProtectedBeside, isShared, must }: Oracle): readonly string[] {
  const { asked, before, exchanges, maxDeletions } = evidence;
  const { method, targets } = asked;
  const inContainer = (tag: string) => before.documents.filter(({ containerTags }) => containerTags.includes(tag));
  const onV5 = exchanges.some(
    ({ request, response }) => response?.status === 200 && !new URL(request.url).pathname.startsWith("/v3/"),
  );
  const hasTags = !onV5 && asked.behaviour.omitContainerTags !== "always";
  const expected: string[] = [];
  if (method.kind === "ids") {
    if (onV5 || asked.apiVersion === "v5")
      return method.sharedDocuments === "delete" ? limit() : ["sharedDocuments", ...limit()];
    if (method.sharedDocuments === "refuse" && hasTags) {
      if (before.documents.some(isShared)) expected.push("sharedDocuments");
    }
    return [...expected, ...limit()];
  }
  const shared = targets.some((target) =>
    inContainer(target.containerTag)
      .slice(-100)
      .some((document) => isProtectedBeside(document, target)),
  );
  return [...(shared && hasTags ? ["containerTags"] : []), ...limit()];

  function limit(): readonly string[] {
    // When lists include tags, a document in two of the containers is counted once.
    const isCounted = (document: StoredDocument): boolean =>
      must(document) || (method.kind === "ids" && method.sharedDocuments === "refuse" && hasTags && isShared(document));
    const each = targets.map(({ containerTag }) => inContainer(containerTag));
    const total =
      method.kind !== "ids"
        ? each.flat().length
        : hasTags
          ? new Set(each.flat().filter(isCounted)).size
          : each.flat().filter(isCounted).length;
    const whole = method.kind === "container" && maxDeletions === 0;
    // Then the total of one container is enough to refuse.
    const keepsNone = method.kind === "ids" && method.select === undefined && method.sharedDocuments !== "keep";
    const alone = keepsNone && each.some((documents) => documents.length > maxDeletions);
    return total > maxDeletions || whole || alone ? ["maxDeletions"] : [];
  }
}
