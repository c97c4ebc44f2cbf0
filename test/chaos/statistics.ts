import { PurgeIncompleteError } from "../../provider/purge/purge";
import { RefusedError } from "../../provider/errors";
import type { Evidence } from "./run";

/** What the runs were like: how often each fault was planned and did hit, and how the purges ended. */
export class Statistics {
  runs = 0;
  readonly #startedAt = performance.now();
  #requests = 0;
  #maxRequests = 0;
  #deleted = 0;
  readonly #faults = new Map<string, { planned: number; hit: number; hits: number }>();
  readonly #counts = new Map<string, Map<string, number>>();

  add(evidence: Evidence): void {
    const { asked, emulator, exchanges } = evidence;
    this.runs += 1;
    this.#requests += exchanges.length;
    this.#maxRequests = Math.max(this.#maxRequests, exchanges.length);
    this.#deleted += emulator.ledger.reduce((sum, { count }) => sum + count, 0);
    for (const { hits, rule } of emulator.faults) {
      const { kind } = rule.then;
      const { planned, hit, hits: before } = this.#faults.get(kind) ?? { planned: 0, hit: 0, hits: 0 };
      this.#faults.set(kind, { planned: planned + 1, hit: hit + (hits > 0 ? 1 : 0), hits: before + hits });
    }
    this.#count("method", methodOf(evidence));
    this.#count("apiVersion", asked.apiVersion);
    this.#count("API version", versionsOf(evidence));
    this.#count("result", resultOf(evidence));
    this.#count("stopped by", asked.stop?.by ?? "-");
    const moved = movedWhile(evidence);
    if (moved !== undefined) this.#count("v3 then v5", `${asked.method.kind} ${moved}`);
  }

  progress(of: number): string {
    return `${this.runs} of ${of}, ${this.#seconds()} s`;
  }

  table(): string {
    const faults = [...this.#faults].sort(([left], [right]) => left.localeCompare(right));
    return [
      `\n${this.runs} runs in ${this.#seconds()} s (${((performance.now() - this.#startedAt) / this.runs).toFixed(1)} ms each)`,
      `${this.#requests} requests, at most ${this.#maxRequests} in a run; ${this.#deleted} documents deleted\n`,
      ...[...this.#counts].map(([name, counts]) => `${name.padEnd(13)}${listed(counts)}`),
      `\n${"fault".padEnd(13)}${"planned".padStart(9)}${"hit".padStart(9)}${"requests".padStart(10)}`,
      ...faults.map(
        ([kind, { hit, hits, planned }]) =>
          kind.padEnd(13) + String(planned).padStart(9) + String(hit).padStart(9) + String(hits).padStart(10),
      ),
    ].join("\n");
  }

  #count(name: string, value: string): void {
    const counts = this.#counts.get(name) ?? new Map<string, number>();
    this.#counts.set(name, counts.set(value, (counts.get(value) ?? 0) + 1));
  }

  #seconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(0);
  }
}

function methodOf({ asked: { method } }: Evidence): string {
  if (method.kind !== "ids") return method.kind;
  return `ids ${method.sharedDocuments}${method.select === undefined ? "" : " select"}`;
}

function versionsOf({ exchanges }: Evidence): string {
  const successful = exchanges.filter(({ response }) => response?.status === 200);
  const versions = new Set(
    successful.map(({ request }) => (new URL(request.url).pathname.startsWith("/v3/") ? "v3" : "v5")),
  );
  return [...versions].sort().join(" then ") || "none";
}

/** What a purge was doing when it moved from v3 to v5; undefined if it used one version. */
function movedWhile(evidence: Evidence): "counting" | "deleting" | undefined {
  if (versionsOf(evidence) !== "v3 then v5") return undefined;
  const requests = evidence.exchanges.map(({ request }) => request);
  const first = requests.findIndex(({ url }) => !new URL(url).pathname.startsWith("/v3/"));
  return requests.slice(0, first).some(({ method }) => method === "DELETE") ? "deleting" : "counting";
}

function resultOf({ error, outcome }: Evidence): string {
  if (outcome !== undefined) {
    return outcome.planned === 0 ? "nothing to delete" : outcome.estimated ? "estimate" : "complete";
  }
  if (error instanceof PurgeIncompleteError) return error.outcome.estimated ? "incomplete estimate" : "incomplete";
  return error instanceof RefusedError ? `refused for ${error.property}` : "failed";
}

function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  return sorted.map(([value, count]) => `${value} ${count}`).join(", ");
}
