import * as z from "zod";
import { ApiError } from "../errors";
import type { Activity, ActivityQuery, Container } from "./api";
import { moment, unlessNotFound } from "./wire";

/** When a container was last used, as the API's dates show it. A date that cannot be right counts as unknown. */

/** Older than the API itself. A server without a date may return 1970 or the year 1. */
const earliest = Date.UTC(2020, 0, 1);

/**
 * Whether a container's last activity can be right. It cannot be null if there are documents or memories, and it
 * cannot be before the container was created. An unknown activity contradicts nothing.
 */
function isCredible({
  createdAt,
  documentCount,
  lastActivityAt,
  memoryCount,
}: Pick<Container, "createdAt" | "documentCount" | "lastActivityAt" | "memoryCount">): boolean {
  if (lastActivityAt === undefined) return true;
  if (lastActivityAt === null) {
    return documentCount === 0 && memoryCount === 0 && (createdAt === undefined || createdAt >= earliest);
  }
  return lastActivityAt >= earliest && (createdAt === undefined || lastActivityAt >= createdAt);
}

/** The same container, without an activity that cannot be right. */
export function withoutDoubt(container: Container): Container {
  return isCredible(container) ? container : { ...container, lastActivityAt: undefined, isDoubtful: true };
}

/** Two entries of one container as one: whatever was newer in either counts. */
export function merged(a: Container, b: Container): Container {
  const isMerging = a.isMerging === true || b.isMerging === true;
  return {
    containerTag: a.containerTag,
    documentCount: Math.max(a.documentCount, b.documentCount),
    memoryCount: Math.max(a.memoryCount, b.memoryCount),
    createdAt: newest(a.createdAt, b.createdAt),
    lastActivityAt: newestActivity(a.lastActivityAt, b.lastActivityAt),
    ...(isMerging ? { isMerging } : {}),
    ...(a.isDoubtful === true || b.isDoubtful === true ? { isDoubtful: true } : {}),
  };
}

/** One entry for each container: pages can shift while they are listed, so a container may be listed twice. */
export function withoutDuplicates(containers: readonly Container[]): readonly Container[] {
  const byTag = new Map<string, Container>();
  for (const container of containers) {
    const known = byTag.get(container.containerTag);
    byTag.set(container.containerTag, known === undefined ? container : merged(known, container));
  }
  return [...byTag.values()];
}

/** A page of documents or memories, sorted by their last update, the newest first. */
interface UpdatePage {
  readonly rows: readonly { readonly createdAt?: number | undefined; readonly updatedAt?: number | undefined }[];
  readonly total: number;
}

/** The dates of a row, in either version. An unreadable one is unknown. */
export const updateDates = z.object({ createdAt: moment, updatedAt: moment });

/** Pages of documents and of memories, as `UpdatePage`. */
export interface UpdateLists {
  readonly documents: (page: number) => Promise<UpdatePage>;
  readonly memories: (page: number) => Promise<UpdatePage>;
}

/**
 * The newest update of a container's documents and memories. A memory may have been written directly. Undefined if either
 * is unknown, or if there are neither documents nor memories.
 *
 * @throws ApiError if the documents cannot be listed; memories that cannot be listed are unknown
 */
export async function lastUpdate(
  lists: UpdateLists,
  { documentCount, memoryCount }: ActivityQuery,
): Promise<number | undefined> {
  const document = await newestIn(lists.documents, documentCount);
  if (document === undefined) return undefined;
  const memory = memoryCount === 0 ? null : await unlessFailed(newestIn(lists.memories, memoryCount));
  if (memory === undefined) return undefined;
  const times = [document, memory].filter((time) => time !== null);
  const time = Math.max(...times);
  return times.length === 0 || time < earliest ? undefined : time;
}

/** How many memories a container contains; 0 if it does not exist. */
export async function memoryCount({ memories }: UpdateLists): Promise<number> {
  return (await unlessNotFound(memories(1)))?.total ?? 0;
}

/**
 * The newest update in a list. The API may ignore the order that the request asks for, so the first page decides only if
 * it is the whole list, or if its rows prove the order. Otherwise all pages are listed.
 *
 * @returns null for an empty list; undefined if a row has no date, if rows are missing, or if a count contradicts an
 *   empty list
 */
async function newestIn(list: UpdateLists["documents"], counted = 0): Promise<number | null | undefined> {
  const { rows, total } = await list(1);
  if (rows.length === 0) return counted > 0 || total > 0 ? undefined : null;
  let latest = newestOf(rows);
  if (isSorted(rows)) return latest;
  for (let [page, listed] = [2, rows.length]; listed < total && latest !== undefined; page += 1) {
    const next = await list(page);
    if (next.rows.length === 0) return undefined;
    listed += next.rows.length;
    latest = newest(latest, newestOf(next.rows));
  }
  return latest;
}

/**
 * Whether rows prove that a list is sorted by the last update: they are in that order, but not in the order of creation,
 * which an API that ignores the request would use.
 */
function isSorted(rows: UpdatePage["rows"]): boolean {
  const pairs = rows.slice(1).map((row, index) => [rows[index] ?? row, row] as const);
  const later = (a = Number.NaN, b = Number.NaN): boolean => a > b;
  return (
    pairs.every(([before, after]) => !later(after.updatedAt, before.updatedAt)) &&
    pairs.some(([before, after]) => later(after.createdAt, before.createdAt))
  );
}

function newestOf(rows: UpdatePage["rows"]): number | undefined {
  return rows.map(({ updatedAt }) => updatedAt).reduce(newest);
}

function newestActivity(a: Activity["lastActivityAt"], b: Activity["lastActivityAt"]): Activity["lastActivityAt"] {
  if (a === null) return b;
  return b === null ? a : newest(a, b);
}

/** The later of two dates; undefined if one of them is unknown. */
function newest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

/** A container whose memories cannot be listed is kept, and does not stop a policy's purge of other containers. */
async function unlessFailed<T>(response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
