import { PurgeIncompleteError } from "../../provider/purge/purge";
import { RefusedError } from "../../provider/errors";
import type { Evidence } from "./run";

export class Statistics {
  runs = 0;
  readonly #startedAt = performance.now();
  #requests = 0;
  #deleted = 0;
  readonly #counts = new Map<string, Map<string, number>>();

  add(all: readonly Evidence[]): void {
    this.runs += 1;
    const [one, another] = all;
    for (const { hits, rule } of one?.emulator.faults ?? []) {
      this.#count(hits > 0 ? "fault hit" : "not hit", rule.then.kind);
    }
    this.#count("purges", one === undefined || another === undefined ? "one" : `two, ${overlapOf(one, another)}`);
    for (const evidence of all) this.#add(evidence);
  }

  #add(evidence: Evidence): void {
    const { asked, emulator, exchanges } = evidence;
    this.#requests += exchanges.length;
    this.#deleted += emulator.ledger.reduce((sum, { count }) => sum + count, 0);
    this.#count("method", methodOf(evidence));
    this.#count("apiVersion", asked.apiVersion);
    this.#count("API version", versionsOf(evidence));
    this.#count("result", resultOf(evidence));
    this.#count("connection", evidence.isStalled ? (asked.slowConnect?.until ?? "") : "-");
    this.#count("stopped by", asked.stop?.by ?? "-");
  }

  progress(of: number): string {
    return `${this.runs} of ${of}, ${this.#seconds()} s`;
  }

  table(): string {
    const lines = [...this.#counts].map(([name, counts]) => `${name.padEnd(13)}${listed(counts)}`);
    const total = `${this.#requests} requests, ${this.#deleted} documents deleted`;
    return [`\n${this.runs} runs in ${this.#seconds()} s: ${total}`, ...lines].join("\n");
  }

  #count(name: string, value: string): void {
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts.set(value, (counts.get(value) ?? 0) + 1));
  }

  #seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(0);
  }
}

function overlapOf({ asked: { targets } }: Evidence, { asked }: Evidence): string {
  const tags = asked.targets.map(({ containerTag }) => containerTag);
  return targets.some(({ containerTag }) => tags.includes(containerTag)) ? "of one container" : "of neighbors";
}

function methodOf({ asked: { method } }: Evidence): string {
  if (method.kind !== "ids") return method.kind;
  return `ids ${method.sharedDocuments}${method.select === undefined ? "" : " select"}`;
}

function versionsOf({ exchanges }: Evidence): string {
  const paths = exchanges.flatMap(({ request, response }) =>
    response?.status === 200 ? new URL(request.url).pathname : [],
  );
  const versions = new Set(paths.map((path) => (path.startsWith("/v3/") ? "v3" : "v5")));
  return [...versions].sort().join(" then ") || "none";
}

function resultOf({ error, outcome }: Evidence): string {
  if (outcome?.planned === 0) return "nothing to delete";
  if (outcome !== undefined) return outcome.estimated ? "estimate" : "complete";
  if (error instanceof PurgeIncompleteError) return error.outcome.estimated ? "incomplete estimate" : "incomplete";
  return error instanceof RefusedError ? `refused for ${error.property}` : "failed";
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  return sorted.map(([value, count]) => `${value} ${count}`).join(", ");
}
