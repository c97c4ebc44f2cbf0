import { setImmediate } from "node:timers/promises";
import type { Cleared } from "../client/api";
import type { DeleteAnswer } from "../client/api";
import type { CallContext } from "../client/http";
import { mayHaveTakenEffect } from "../client/retry";
import { ApiError, SupermemoryError } from "../errors";
import type { Gate } from "./guard";
import { contextOf, listRemainder, planTag, type Remainder } from "./plan";
import { Tally } from "./tally";
import type { PurgeTools, TagPlan, TagResult } from "./types";
import { documents, duration } from "./words";

/** What became of one tag, and the error that ended it early. */
export interface TagRun {
  readonly result: TagResult;
  readonly error?: unknown;
}

/** Rounds in which a purge at the end of a life tries to leave nothing behind that was written meanwhile. */
const maxRounds = 3;
/** How long a list may lag behind a delete before what it shows counts as remaining. */
const lagBudgetMs = 30_000;
/** Looks at a lagging list before its rows are deleted once more, by id. */
const patientLooks = 3;

/**
 * Deletes what one plan counted, and makes sure of it: one call by tag, then single ids for what that call left
 * although it answered, until none of the plan remains. Never throws: a failure is part of the result.
 */
export async function purgeTag(
  plan: TagPlan,
  gate: Gate,
  tools: PurgeTools,
  verify: boolean,
  onProgress: (tally: Tally) => void,
): Promise<TagRun> {
  const tally = new Tally(plan, gate, onProgress);
  try {
    for (let round = 1, current = plan; current.count > 0; round += 1) {
      const rest = await purgeRound(current, tally, gate, tools, verify);
      if (plan.event !== "delete" || rest === undefined || rest.total === 0) break;
      if (round === maxRounds) {
        throw new SupermemoryError(
          `something still writes to ${plan.containerTag}: ${documents(rest.total)} came in while it was purged ${maxRounds} times`,
        );
      }
      current = await planTag(plan, tools);
      gate.admitAgain(current);
      tally.begin(current);
    }
    return { result: tally.result(true) };
  } catch (error) {
    return { result: tally.result(false), error };
  }
}

/** One count's worth of deleting. Undefined when nobody asked to verify and the answer accounts for every document. */
async function purgeRound(
  plan: TagPlan,
  tally: Tally,
  gate: Gate,
  tools: PurgeTools,
  verify: boolean,
): Promise<Remainder | undefined> {
  const { containerTag } = plan;
  const context = gatedContext(containerTag, gate, tools);
  const tag = gate.clearTag(containerTag, plan.count);
  let last = await attempt(tag, (cleared) => tools.api.deleteByTag(cleared, context));
  tally.record(last);
  if (!verify && last.problem === undefined && tally.unaccounted === 0) return undefined;
  const patience = new Patience(plan, tools);
  for (let byIds = false; ;) {
    tools.deadline.check("the API gave no answer");
    const rest = await listRemainder(plan, tools);
    const progressed = tally.see(rest);
    if (rest.ofPlan === 0) return rest;
    if (progressed) patience.renew();
    const lagging = tally.unaccounted === 0;
    const next = rest.ids.length > 0 && (!lagging || (patience.isOver && gate.hasRoomFor(containerTag, rest.ofPlan)));
    if (!progressed && (byIds || !next)) await patience.wait(rest, last);
    byIds = next;
    if (!byIds) continue;
    const ids = gate.clearIds(containerTag, rest.ids, rest.ofPlan);
    last = await attempt(ids, (cleared) => tools.api.deleteIds(cleared, context));
    tally.record(last);
  }
}

/** A delete whose answer may be missing: then `problem` says why, and listing has to tell what it did. */
export interface Attempt extends DeleteAnswer {
  readonly problem?: ApiError;
}

async function attempt<T>(value: Cleared<T>, send: (value: Cleared<T>) => Promise<DeleteAnswer>): Promise<Attempt> {
  try {
    return await send(value);
  } catch (error) {
    if (!(error instanceof ApiError) || !mayHaveTakenEffect(error.failure)) throw error;
    return { deletedCount: 0, problem: error };
  }
}

/** A delete may stand in line while others delete more than was counted, so the gate looks again when it is sent. */
function gatedContext(tag: string, gate: Gate, tools: PurgeTools): CallContext {
  return {
    ...contextOf(tools),
    beforeMutation: async () => {
      await tools.beforeMutation();
      // The answer that made room for this request is counted first.
      await setImmediate();
      gate.confirm(tag);
    },
  };
}

/** Decides how long to wait for documents that do not go away, and with which words to give up. */
class Patience {
  #looks = 0;
  #waitedMs = 0;

  constructor(
    private readonly plan: TagPlan,
    private readonly tools: PurgeTools,
  ) {}

  /** A list that lags would have caught up by now, more likely than not. */
  get isOver(): boolean {
    return this.#looks >= patientLooks;
  }

  renew(): void {
    this.#looks = 0;
    this.#waitedMs = 0;
  }

  async wait(rest: Remainder, { problem, refusal }: Attempt): Promise<void> {
    const { deadline, onStatus } = this.tools;
    const inTag = `${documents(rest.ofPlan)} in ${this.plan.containerTag}`;
    const because = refusal === undefined ? "" : ` (the API says: ${refusal})`;
    if (problem?.failure.kind === "unreadable") throw problem;
    if (problem === undefined && rest.processing === 0 && this.#waitedMs >= lagBudgetMs) {
      throw new SupermemoryError(`${inTag} did not go away within ${duration(this.#waitedMs)} of the delete${because}`);
    }
    const ms = Math.min(250 * 2 ** this.#looks, 5_000);
    this.#looks += 1;
    this.#waitedMs += ms;
    const spent = `${duration(this.#waitedMs)} of ${duration(deadline.timeoutMs)}`;
    if (rest.processing > 0) onStatus(`waiting for ${inTag} still being processed (${spent})`);
    else onStatus(`waiting for ${inTag} to go away (${spent})`);
    await deadline.sleep(ms, wordsFor(rest, problem, inTag) + because);
  }
}

function wordsFor(rest: Remainder, problem: ApiError | undefined, inTag: string): string {
  if (problem !== undefined) {
    return "status" in problem.failure ? `the API answered ${problem.failure.status}` : problem.message;
  }
  return rest.processing > 0
    ? `${inTag} ${rest.ofPlan === 1 ? "was" : "were"} still being processed`
    : `${inTag} did not go away`;
}
