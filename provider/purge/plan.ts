import type { DocumentPage, DocumentRow } from "../client/api";
import { contextOf } from "./context";
import { withClockGuard } from "./guard";
import { PackedIds } from "./packed-ids";
import { seeAll } from "./pages";
import { inParallel } from "../util/pool";
import { type Judge, judge } from "./select";
import type { TagRules } from "./tag-rules";
import type { Kept, PurgeMethod, Plan, PurgeSession, TagPlan, Target } from "./types";
import { count } from "../util/format";

/** What is to be purged, and how. */
export interface PlanRequest {
  readonly targets: readonly Target[];
  readonly method: PurgeMethod;
  readonly guardrails: TagRules;
}

/** Counts what a purge would delete, container by container. */
export async function makePlan(request: PlanRequest, asked: PurgeSession): Promise<Plan> {
  const { guardrails: rules, method, targets } = request;
  const session = goesByAge(method) ? withClockGuard(asked) : asked;
  const now = session.deadline.clock.now();
  const tags: TagPlan[] = [];
  await inParallel(targets.entries(), session.concurrency, async ([index, target]) => {
    tags[index] =
      method.kind === "ids"
        ? await planIds(target, { method, rules, targets, now }, session)
        : await planTag(target, session);
  });
  return { tags, total: tags.reduce((sum, tag) => sum + tag.count, 0), apiVersion: session.api.version };
}

/** Counts a container with one request: how much is there, how new, and which other tags it carries. */
export async function planTag({ containerTag, event }: Target, session: PurgeSession): Promise<TagPlan> {
  const page = await session.api.list({ containerTag, page: 1, order: "desc" }, contextOf(session));
  return {
    containerTag,
    event,
    count: page.total,
    listed: page.total,
    kept: [],
    newest: page.rows.reduce((newest, row) => Math.max(newest, row.createdAt), Number.NEGATIVE_INFINITY),
    alsoCarried: otherTags(page.rows, containerTag),
    allTagsSeen: page.rows.length === page.total && tagsTold(page),
  };
}

/** The tags that documents carry beside their container's, with the number of documents. */
export function otherTags(rows: readonly DocumentRow[], containerTag: string): ReadonlyMap<string, number> {
  const carried = new Map<string, number>();
  for (const row of rows) {
    for (const tag of row.containerTags ?? []) {
      if (tag !== containerTag) carried.set(tag, (carried.get(tag) ?? 0) + 1);
    }
  }
  return carried;
}

/** Lists a container whole, and keeps the ids of the documents that are to go. */
async function planIds(target: Target, judgement: Judge, session: PurgeSession): Promise<TagPlan> {
  let found = new Findings();
  const listed = await seeAll(target.containerTag, session, {
    begin: () => {
      found = new Findings();
    },
    row: (row) => {
      found.add(row, target, judgement);
      if (found.seen % 1_000 === 0) {
        session.onStatus(
          `listing ${target.containerTag}: ${count(found.seen)} documents, ${count(found.ids.size)} to go`,
        );
      }
    },
  });
  const { containerTag, event } = target;
  return { containerTag, event, listed, ...found.plan() };
}

/** What was found in one container, in little memory. */
class Findings {
  readonly ids = new PackedIds();
  seen = 0;
  #newest = Number.NEGATIVE_INFINITY;
  #tagsTold = true;
  #outside: TagPlan["outside"];
  #elsewhere = 0;
  readonly #kept = new Map<string, number>();

  add(row: DocumentRow, target: Target, judgement: Judge): void {
    this.seen += 1;
    this.#newest = Math.max(this.#newest, row.createdAt);
    const verdict = judge(row, target, judgement);
    if (verdict.kind === "elsewhere") {
      this.#elsewhere += 1;
      return;
    }
    if (verdict.kind === "keep") {
      this.#kept.set(verdict.reason, (this.#kept.get(verdict.reason) ?? 0) + 1);
      return;
    }
    this.ids.add(row.id);
    this.#tagsTold &&= row.containerTags !== undefined;
    if (verdict.outside === undefined) return;
    this.#outside = {
      documents: (this.#outside?.documents ?? 0) + 1,
      containerTag: this.#outside?.containerTag ?? verdict.outside,
    };
  }

  /** A document under two tags of the purge is in the plan of the first, so no other tag can take its documents. */
  plan(): Omit<TagPlan, "containerTag" | "event" | "listed"> {
    return {
      count: this.ids.size,
      newest: this.#newest,
      ids: this.ids,
      // Pages arrive in any order, the reasons of a message do not.
      kept: [...this.#kept].sort().map(([reason, number]): Kept => ({ reason, documents: number })),
      outside: this.#outside,
      elsewhere: this.#elsewhere,
      alsoCarried: new Map(),
      allTagsSeen: this.#tagsTold,
    };
  }
}

function goesByAge(method: PurgeMethod): boolean {
  if (method.kind !== "ids" || method.select === undefined) return false;
  const { newerThanMs, olderThanMs } = method.select;
  return newerThanMs !== undefined || olderThanMs !== undefined;
}

function tagsTold({ rows }: DocumentPage): boolean {
  return rows.every((row) => row.containerTags !== undefined);
}
