import type { Api } from "../api/generation";
import type { RouteName } from "../api/route-names";
import type { ActiveFault, Fault, FaultMatch, FaultRule } from "./rules";

/** What a rule can see of a request. */
export interface FaultTarget {
  readonly method: string;
  readonly path: string;
  readonly route: RouteName | null;
  readonly api: Api | null;
  readonly containerTags: readonly string[];
}

interface Entry {
  readonly active: ActiveFault;
  readonly rule: FaultRule;
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
  next(target: FaultTarget): { readonly name: string; readonly fault: Fault } | undefined {
    let due: Entry | undefined;
    for (const entry of this.entries) {
      if (!concerns(entry.rule.then, target) || !fits(entry.rule.match ?? {}, target)) continue;
      entry.seen += 1;
      if (due === undefined && entry.seen >= (entry.rule.nth ?? 1) && entry.hits < (entry.rule.times ?? 1)) due = entry;
    }
    if (due === undefined) return undefined;
    due.hits += 1;
    return { name: due.rule.name ?? due.rule.then.kind, fault: due.rule.then };
  }
}

function checkRule({ nth = 1, times = 1 }: FaultRule): void {
  if (!Number.isInteger(nth) || nth < 1) throw new RangeError(`nth of a fault rule is ${nth}; allowed: 1, 2, ...`);
  if (times !== Infinity && (!Number.isInteger(times) || times < 1)) {
    throw new RangeError(`times of a fault rule is ${times}; allowed: 1, 2, ... or Infinity`);
  }
}

/** A fault of deletions looks at nothing else, so that a hit always means that it did something. */
function concerns(fault: Fault, { route, api }: FaultTarget): boolean {
  if (fault.kind === "partial") return route !== null && BULK_DELETIONS.includes(route);
  if (fault.kind === "listLag") return route !== null && DELETIONS.includes(route);
  if (fault.kind === "switchOff") return api !== null;
  return true;
}

const BULK_DELETIONS: readonly RouteName[] = ["documents.deleteBulk", "v5.documents.delete"];
const DELETIONS: readonly RouteName[] = [
  ...BULK_DELETIONS,
  "documents.delete",
  "containerTags.delete",
  "v5.namespaces.delete",
];

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
