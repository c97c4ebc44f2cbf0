import { setImmediate } from "node:timers/promises";
import type { CallContext } from "../client/call-context";
import { SupermemoryError } from "../errors";
import { contextOf } from "./context";
import { type Blow, Blows } from "./deletes";
import type { Gate } from "./gate";
import { Patience } from "./settle";
import { planTag } from "./plan";
import { listRemaining, nextPage, type RemainingDocuments } from "./remaining";
import { Tally } from "./accounting";
import type { PurgeRequest, PurgeSession, TagPlan, TagResult } from "./types";
import { documents } from "../util/format";

/** What became of one tag, and the error that ended it early. */
export interface TagRun {
  readonly result: TagResult;
  readonly error?: unknown;
}

/** Rounds in which a purge at the end of a life tries to leave nothing behind that was written meanwhile. */
const maxRounds = 3;

/**
 * Deletes what one plan counted, and makes sure of it: first as the method says, then by single ids what that left
 * although it was answered, until none of the plan remains. Never throws: a failure is part of the result.
 */
export async function purgeTag(
  plan: TagPlan,
  request: Pick<PurgeRequest, "method" | "verify">,
  gate: Gate,
  session: PurgeSession,
  onProgress: (tally: Tally) => void,
): Promise<TagRun> {
  const tally = new Tally(plan, gate, onProgress);
  const { kind } = request.method;
  const aimsAtNothingLeft = plan.event === "delete" && kind !== "ids";
  try {
    for (let round = 1, current = plan; current.count > 0 || (round === 1 && kind === "container"); round += 1) {
      const rest = await purgeRound(current, request, tally, gate, session);
      if (!aimsAtNothingLeft || rest === undefined || rest.total === 0) break;
      if (round === maxRounds) {
        throw new SupermemoryError(
          `something still writes to ${plan.containerTag}: ${documents(rest.total)} came in while it was purged ${maxRounds} times`,
        );
      }
      current = await planTag(plan, session);
      gate.admitAgain(current);
      tally.begin(current);
    }
    return { result: tally.result(true) };
  } catch (error) {
    return { result: tally.result(false), error };
  }
}

/** One count's worth of deleting. Undefined when nobody asked to verify and the answers account for every document. */
async function purgeRound(
  plan: TagPlan,
  { method: { kind }, verify }: Pick<PurgeRequest, "method" | "verify">,
  tally: Tally,
  gate: Gate,
  session: PurgeSession,
): Promise<RemainingDocuments | undefined> {
  const { containerTag } = plan;
  const blows = new Blows(plan, tally, gate, session, gatedContext(containerTag, gate, session));
  let last: Blow = await blows.first(kind);
  if (!verify && last.problem === undefined && last.refusals.total === 0 && tally.unaccounted === 0) return undefined;
  const patience = new Patience(plan, session);
  for (let [again, leftSome] = [false, tally.unaccounted > 0]; ;) {
    session.deadline.check("the API gave no answer");
    const rest = await listRemaining(plan, session, () => gate.deleted);
    const progressed = tally.see(rest);
    // A container whose deletion got no answer, or left documents that no answer accounts for, may be there still,
    // unless a writer has made it anew.
    leftSome ||= rest.ofPlan > 0 && tally.unaccounted > 0;
    const doubtful = kind === "container" && (last.problem !== undefined || (leftSome && rest.total === 0));
    if (rest.ofPlan === 0 && !(doubtful && rest.total === 0)) return rest;
    if (progressed) patience.renew();
    const lagging = tally.unaccounted === 0 && rest.ofPlan > 0;
    const mayGoOn = !lagging || (patience.isOver && gate.hasRoomFor(containerTag, rest.ofPlan));
    const next = mayGoOn && (doubtful || rest.ids.length > 0);
    if (!progressed && (again || !next)) await patience.wait(rest, last);
    again = next;
    if (!again) continue;
    if (doubtful) leftSome = false;
    last = doubtful ? await blows.containerAgain() : await blows.ids(await nextPage(rest, plan, session));
  }
}

/** A delete may stand in line while others delete more than was counted, so the gate looks again when it is sent. */
function gatedContext(tag: string, gate: Gate, session: PurgeSession): CallContext {
  return {
    ...contextOf(session),
    beforeMutation: async () => {
      await session.beforeMutation();
      // The answer that made room for this request is counted first.
      await setImmediate();
      gate.confirm(tag);
    },
  };
}
