import type { Api } from "../api/generation";
import type { RouteName } from "../api/route-names";
import { type Chooser, chooserOf } from "./chosen";
import type { Reach } from "./reach";
import type { ActiveFault, Fault, FaultMatch, FaultRule } from "./rules";

/** What a rule can see of a request. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly route: RouteName | null;
  readonly api: Api | null;
  readonly containerTags: readonly string[];
  readonly reach: Reach;
}

/** A fault that hits a request. */
export interface DueFault {
  readonly name: string;
  readonly fault: Fault;
  /** The documents that a partial deletion leaves. */
  readonly leaves: Chooser | undefined;
}

interface Entry {
  readonly active: ActiveFault;
  readonly rule: FaultRule;
  readonly leaves: Chooser | undefined;
  seen: number;
  hits: number;
}

/** The rules in force and how often each has hit. */
export class FaultScript {
  private entries: Entry[] = [];

  get faults(): readonly ActiveFault[] {
    return this.entries.map(({ active }) => active);
  }

  add(rule: FaultRule): ActiveFault {
    checkRule(rule);
    const entry: Entry = {
      rule,
      leaves: rule.then.kind === "partial" && rule.then.leaves !== undefined ? chooserOf(rule.then.leaves) : undefined,
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

  /** The fault for a request, if any. Every rule that matches counts the request, whichever hits. */
  next(target: FaultTarget): DueFault | undefined {
    let due: Entry | undefined;
    for (const entry of this.entries) {
      if (!fits(entry.rule.match ?? {}, target) || !concerns(entry, target)) continue;
      entry.seen += 1;
      if (due === undefined && entry.seen >= (entry.rule.nth ?? 1) && entry.hits < (entry.rule.times ?? 1)) due = entry;
    }
    if (due === undefined) return undefined;
    due.hits += 1;
    return { name: due.rule.name ?? due.rule.then.kind, fault: due.rule.then, leaves: due.leaves };
  }
}

function checkRule({ nth = 1, times = 1, then }: FaultRule): void {
  if (!Number.isInteger(nth) || nth < 1) throw new RangeError(`nth of a fault rule is ${nth}; allowed: 1, 2, ...`);
  if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
    throw new RangeError(`times of a fault rule is ${times}; allowed: 1, 2, ... or Infinity`);
  }
  if (then.kind === "partial" && [then.documents, then.leaves, then.claims, then.success].every(isAbsent)) {
    throw new RangeError("a partial fault has none of documents, leaves, claims and success; allowed: any of them");
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined;
}

/** A fault of deletions looks at nothing else, so that a hit always means that it did something. */
function concerns({ rule: { then: fault }, leaves }: Entry, { route, api, reach }: FaultTarget): boolean {
  switch (fault.kind) {
    case "partial":
      return route !== null && SEVERAL.includes(route) && (leaves === undefined || anyOf(reach.documents(), leaves));
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

const SEVERAL: readonly RouteName[] = [
  "documents.deleteBulk",
  "v5.documents.delete",
  "containerTags.delete",
  "v5.namespaces.delete",
];
const DELETIONS: readonly RouteName[] = [...SEVERAL, "documents.delete"];

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
