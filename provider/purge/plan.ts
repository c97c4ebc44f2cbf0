import type { DocumentRow } from "../client/api";
import { withTag } from "../errors";
import { count } from "../util/format";
import { inParallel } from "../util/pool";
import { countTag } from "./also-in";
import { contextOf } from "./context";
import { guardTotal, withClockGuard } from "./guard";
import { isNewestFirst } from "./order";
import { listAll } from "./pages";
import { type Judge, judge } from "./select";
import { protectionOf, type TagRules } from "./tag-rules";
import type { Kept, Plan, PurgeMethod, PurgeSession, TagPlan, Target } from "./types";

/** What to purge, and how. */
export interface PlanRequest {
  readonly targets: readonly Target[];
  readonly method: PurgeMethod;
  readonly guardrails: TagRules;
  /** maxDeletions. A container that alone contains more is refused by its first page. Default: no limit. */
  readonly limit?: number;
}

/** Counts what a purge would delete, container by container. */
export async function makePlan(
  request: PlanRequest,
  given: PurgeSession,
  now = given.deadline.clock.now(),
): Promise<Plan> {
  const { guardrails: rules, limit, method, targets } = request;
  const session = dependsOnAge(method) ? withClockGuard(given) : given;
  const tags: TagPlan[] = [];
  await inParallel(targets.entries(), session.concurrency, async ([index, target]) => {
    try {
      tags[index] =
        method.kind === "ids"
          ? await planIds(target, { method, rules, targets, now }, limit, session)
          : withProtection(await planTag(target, session), rules);
    } catch (error) {
      throw targets.length === 1 ? error : withTag(error, target.containerTag);
    }
  });
  return { tags, total: tags.reduce((sum, tag) => sum + tag.count, 0), apiVersion: session.api.version };
}

/** Whether the plan shows documents that also carry a protected tag. */
export function seesProtected({ tags }: Plan): boolean {
  return tags.some(({ besideProtected }) => besideProtected === true);
}

function withProtection(plan: TagPlan, rules: TagRules): TagPlan {
  const besideProtected = [...plan.alsoCarried.keys()].some(
    (tag) => protectionOf(tag, plan.event, rules) !== undefined,
  );
  return { ...plan, besideProtected };
}

/**
 * Counts a container with one request: its documents, how new they are, and which other tags they carry. If its rows are
 * not in the order of the request, the whole container is listed.
 */
export async function planTag(target: Target, session: PurgeSession): Promise<TagPlan> {
  const { containerTag } = target;
  const { clock } = session.deadline;
  const page = await session.api.list({ containerTag, page: 1, order: "desc" }, contextOf(session));
  let listedAt = clock.now();
  const isComplete = page.rows.length === page.total;
  if (isComplete || isNewestFirst(page.rows)) return planOf(target, page.rows, page.total, listedAt);
  const rows = new Map<string, DocumentRow>();
  const total = await listAll(containerTag, session, {
    begin: () => {
      rows.clear();
      listedAt = clock.now();
    },
    row: (row) => {
      const { containerTags, createdAt, id, status } = row;
      rows.set(id, { id, createdAt, status, containerTags, metadata: undefined });
    },
  });
  return planOf(target, [...rows.values()], total, listedAt);
}

/** @param rows the newest documents of the container, or all of them */
function planOf(
  { containerTag, event }: Target,
  rows: readonly DocumentRow[],
  total: number,
  listedAt: number,
): TagPlan {
  const isComplete = rows.length === total;
  return {
    containerTag,
    event,
    count: total,
    listed: total,
    listedAt,
    members: isComplete ? new Set(rows.map(({ id }) => id)) : undefined,
    kept: [],
    newest: rows.reduce((newest, row) => Math.max(newest, row.createdAt), Number.NEGATIVE_INFINITY),
    alsoCarried: otherTags(rows, containerTag),
    allTagsSeen: isComplete && rows.every((row) => row.containerTags !== undefined),
  };
}

/** The tags that documents carry in addition to their container's, with the number of documents. */
export function otherTags(rows: readonly DocumentRow[], containerTag: string): ReadonlyMap<string, number> {
  const carried = new Map<string, number>();
  for (const row of rows) {
    for (const tag of row.containerTags ?? []) {
      if (tag !== containerTag) carried.set(tag, (carried.get(tag) ?? 0) + 1);
    }
  }
  return carried;
}

/** Lists a whole container, and collects the ids of the documents to delete. */
async function planIds(
  target: Target,
  judgement: Judge,
  limit: number | undefined,
  session: PurgeSession,
): Promise<TagPlan> {
  let found = new Findings();
  let total = 0;
  let listedAt = session.deadline.clock.now();
  const listed = await listAll(target.containerTag, session, {
    begin: () => {
      found = new Findings();
      listedAt = session.deadline.clock.now();
    },
    total: (reported) => {
      total = reported;
      guardTotal(target, total, judgement.method, judgement.targets, limit);
    },
    row: (row) => {
      found.add(row, target, judgement);
      if (found.seen % 1_000 === 0) {
        session.onStatus(`listing ${count(found.seen)}/${count(total)} in ${target.containerTag}`);
      }
    },
  });
  const { containerTag, event } = target;
  return { containerTag, event, listed, listedAt, ...found.plan() };
}

/** What one list of a container contains: ids of documents to delete, and counts of all others. */
class Findings {
  readonly ids = new Set<string>();
  seen = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #allTagsSeen = true;
  #besideProtected = false;
  #outside: TagPlan["outside"];
  readonly #elsewhere = new Map<string, number>();
  readonly #alsoCarried = new Map<string, number>();
  readonly #kept = new Map<string, number>();

  add(row: DocumentRow, target: Target, judgement: Judge): void {
    this.seen += 1;
    this.#newest = Math.max(this.#newest, row.createdAt);
    const verdict = judge(row, target, judgement);
    if (verdict.kind === "elsewhere") {
      this.#elsewhere.set(verdict.containerTag, (this.#elsewhere.get(verdict.containerTag) ?? 0) + 1);
      return;
    }
    if (verdict.kind === "keep") {
      this.#besideProtected ||= verdict.isProtected === true;
      this.#kept.set(verdict.reason, (this.#kept.get(verdict.reason) ?? 0) + 1);
      return;
    }
    this.ids.add(row.id);
    this.#allTagsSeen &&= row.containerTags !== undefined;
    for (const tag of row.containerTags ?? []) {
      if (judgement.targets.every(({ containerTag }) => containerTag !== tag)) countTag(this.#alsoCarried, tag);
    }
    if (verdict.outside === undefined) return;
    this.#outside = {
      documents: (this.#outside?.documents ?? 0) + 1,
      containerTag: this.#outside?.containerTag ?? verdict.outside,
    };
  }

  /** A document under two tags of the purge is in the plan of the first one only. */
  plan(): Omit<TagPlan, "containerTag" | "event" | "listed" | "listedAt"> {
    return {
      count: this.ids.size,
      newest: this.#newest,
      ids: this.ids,
      // Pages arrive in any order; the order of reasons in a message is fixed.
      kept: [...this.#kept].sort().map(([reason, number]): Kept => ({ reason, documents: number })),
      outside: this.#outside,
      elsewhere: [...this.#elsewhere].map(([containerTag, number]) => ({ containerTag, documents: number })),
      alsoCarried: this.#alsoCarried,
      allTagsSeen: this.#allTagsSeen,
      besideProtected: this.#besideProtected,
    };
  }
}

function dependsOnAge(method: PurgeMethod): boolean {
  if (method.kind !== "ids" || method.select === undefined) return false;
  const { newerThanMs, olderThanMs } = method.select;
  return newerThanMs !== undefined || olderThanMs !== undefined;
}
