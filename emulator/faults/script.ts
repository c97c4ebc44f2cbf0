import type { ApiVersion } from "../api/api-version";
import type { RouteName } from "../api/route-names";
import { type Chooser, chooserOf } from "./chosen";
import type { Reach } from "./reach";
import type { ActiveFault, Fault, FaultMatch, FaultRule } from "./rules";

/** What a rule knows about a request. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly route: RouteName | null;
  readonly api: ApiVersion | null;
  readonly containerTags: readonly string[];
  readonly reach: Reach;
}

/** A fault that hits a request. */
export interface DueFault {
  readonly name: string;
  readonly fault: Fault;
  /** The documents that a partial deletion keeps. */
  readonly keeps: Chooser | undefined;
}

interface Entry {
  readonly active: ActiveFault;
  readonly rule: FaultRule;
  readonly keeps: Chooser | undefined;
  seen: number;
  hits: number;
}

/** The active rules, and how often each has hit. */
export class FaultScript {
  private entries: Entry[] = [];

  get faults(): readonly ActiveFault[] {
    return this.entries.map(({ active }) => active);
  }

  add(rule: FaultRule): ActiveFault {
    checkRule(rule);
    const entry: Entry = {
      rule,
      keeps: rule.then.kind === "partial" && rule.then.leaves !== undefined ? chooserOf(rule.then.leaves) : undefined,
      seen: 0,
      hits: 0,
      active: {
        rule,
        get hits() {
          return entry.hits;
        },
        remove: () => {
          this.entries = this.entries.filter((other) => other !== entry);
        },
      },
    };
    this.entries.push(entry);
    return entry.active;
  }

  /** The fault for a request, if any. Every matching rule counts the request, even when another rule hits it. */
  next(target: FaultTarget): DueFault | undefined {
    let due: Entry | undefined;
    for (const entry of this.entries) {
      if (!fits(entry.rule.match ?? {}, target) || !applies(entry, target)) continue;
      entry.seen += 1;
      if (due === undefined && entry.seen >= (entry.rule.nth ?? 1) && entry.hits < (entry.rule.times ?? 1)) due = entry;
    }
    if (due === undefined) return undefined;
    due.hits += 1;
    return { name: due.rule.name ?? due.rule.then.kind, fault: due.rule.then, keeps: due.keeps };
  }
}

function checkRule({ nth = 1, times = 1, then }: FaultRule): void {
  if (!Number.isInteger(nth) || nth < 1) throw new RangeError(`nth of a fault rule is ${nth}; allowed: 1, 2, ...`);
  if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
    throw new RangeError(`times of a fault rule is ${times}; allowed: 1, 2, ... or Infinity`);
  }
  if (then.kind === "partial" && [then.documents, then.leaves, then.claims, then.success].every(isAbsent)) {
    throw new RangeError("a partial fault changes nothing; allowed: any of documents, leaves, claims, success");
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined;
}

/** A fault of deletions only applies to deletions, so a hit always means that it had an effect. */
function applies({ rule: { then: fault }, keeps }: Entry, { route, api, reach }: FaultTarget): boolean {
  switch (fault.kind) {
    case "partial":
      return (
        route !== null && BULK_DELETIONS.includes(route) && (keeps === undefined || anyOf(reach.documents(), keeps))
      );
    case "listLag":
    case "busy":
      return route !== null && DELETIONS.includes(route);
    case "switchOff":
      return api !== null;
    case "lateDeleter": {
      const container = reach.container(fault.containerTag ?? reach.containerTag() ?? "");
      return container !== undefined && (fault.documents === "container" || container.documents.size > 0);
    }
    default:
      return true;
  }
}

function anyOf<Item>(items: Iterable<Item>, test: (item: Item) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

const BULK_DELETIONS: readonly RouteName[] = [
  "documents.deleteBulk",
  "v5.documents.delete",
  "containerTags.delete",
  "v5.namespaces.delete",
];
const DELETIONS: readonly RouteName[] = [...BULK_DELETIONS, "documents.delete"];

function fits(match: FaultMatch, { method, path, route, api, containerTags }: FaultTarget): boolean {
  return (
    (match.method === undefined || match.method === method) &&
    (match.path === undefined || globFits(match.path, path)) &&
    (match.route === undefined || match.route === route) &&
    (match.api === undefined || match.api === api) &&
    (match.containerTag === undefined || containerTags.includes(match.containerTag))
  );
}

function globFits(glob: string, path: string): boolean {
  const pattern = glob
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${pattern}$`).test(path);
}
