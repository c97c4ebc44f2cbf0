import { SupermemoryError, summaryOf, hintsOf, withNothingDeleted } from "../errors";
import { PurgeIncompleteError } from "../purge/purge";
import type { PurgeOutcome } from "../purge/types";
import type { Properties } from "../util/values";
import type { Host } from "./host";
import type { PurgeJob, Terms } from "./job";
import { skipJob } from "./run";

/**
 * A create or update that failed after its first delete. The engine has to keep the resource with these outputs, which
 * repeat every input.
 */
export class InitFailure extends SupermemoryError {
  override readonly name = "InitFailure";

  constructor(
    cause: PurgeIncompleteError,
    readonly id: string,
    readonly outputs: Properties,
  ) {
    super(summaryOf(cause), hintsOf(cause));
  }
}

/** A create or an update of either resource. Each function returns the outputs. */
export interface Change {
  readonly id: string;
  readonly job: PurgeJob;
  /** There is nothing to purge. */
  readonly unchanged: () => Promise<Properties>;
  /** SUPERMEMORY_PURGE=skip; `later` is what becomes of the purge, for the warning. */
  readonly skipped: { readonly later: string; readonly outputs: () => Properties };
  /** Purges; the outcome is undefined when nothing was left to purge. */
  readonly run: (terms: Terms) => Promise<PurgeOutcome | undefined>;
  /** Records the outcome, complete or not. `endsAt` is when the timeout of the operation is over. */
  readonly record: (outcome: PurgeOutcome | undefined, terms: Terms, endsAt: number) => Promise<Properties>;
}

/** Applies a change: skip, run, record. @throws InitFailure when it failed after its first delete */
export async function applyChange(host: Host, change: Change): Promise<Properties> {
  const { id, job, skipped } = change;
  if (job.targets.length === 0) return await change.unchanged();
  if (host.overrides().skip) {
    skipJob(host, job, skipped.later);
    return skipped.outputs();
  }
  const terms = host.terms();
  const endsAt = host.options.clock.now() + job.timeoutMs;
  try {
    return await change.record(await change.run(terms), terms, endsAt);
  } catch (error) {
    if (!(error instanceof PurgeIncompleteError)) throw error;
    throw new InitFailure(error, id, await change.record(error.outcome, terms, endsAt));
  }
}

/** Runs a provider method. The message of a failure before the first delete ends with "nothing was deleted". */
export async function withOutcome<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InitFailure || error instanceof PurgeIncompleteError) throw error;
    throw withNothingDeleted(error);
  }
}
