import { pageSize } from "../client/api";
import { keepDocuments, SupermemoryError } from "../errors";
import { count, documents } from "../util/format";
import type { PurgeSession } from "./types";

/** What the requests of one operation are for. */
export interface Effort {
  readonly tags: number;
  /** Pages of the largest list of each container, together. */
  readonly pages: number;
  readonly seconds: number;
  readonly concurrency: number;
}

/**
 * The most requests of one operation. It grows with the containers and their pages: a purge lists them, deletes them in
 * batches, and lists them again, a few times over if deletes fail. Large containers are listed again after every 16 pages
 * of remaining documents. Each second allows for as many more as waiting for a slow container takes.
 */
export function maxRequests({ concurrency, pages, seconds, tags }: Effort): number {
  return 1_000 + 100 * tags + 20 * pages + Math.ceil((pages * pages) / 16) + Math.ceil(seconds * (concurrency + pages));
}

/**
 * The same session, but it stops when it has sent far more requests than its containers need. Retries, renewals and pages
 * have limits of their own; this one holds for all of them together, whatever the server returns.
 *
 * @param tags how many containers the operation is about
 */
export function withBudget(session: PurgeSession, tags: number): PurgeSession {
  const { clock } = session.deadline;
  const startedAt = clock.now();
  const listed = new Map<string, number>();
  let [sent, total] = [0, 0];
  return {
    ...session,
    onListed: (containerTag, size) => {
      const grown = Math.max(0, size - (listed.get(containerTag) ?? 0));
      listed.set(containerTag, (listed.get(containerTag) ?? 0) + grown);
      total += grown;
    },
    onAttempt: (mutating) => {
      sent += 1;
      const pages = listed.size + Math.ceil(total / pageSize);
      const seconds = (clock.now() - startedAt) / 1_000;
      const max = maxRequests({ concurrency: session.concurrency, pages, seconds, tags });
      if (sent > max) throw overBudget(max, tags, total);
      session.onAttempt(mutating);
    },
  };
}

function overBudget(max: number, tags: number, total: number): SupermemoryError {
  const containers = `${count(tags)} ${tags === 1 ? "container" : "containers"}`;
  return new SupermemoryError(
    `this operation sent ${count(max)} requests, its budget for ${documents(total)} in ${containers}`,
    ["check that the base URL is the address of the API, and report this to whoever runs it", keepDocuments],
  );
}
