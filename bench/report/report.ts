import { availableParallelism, type } from "node:os";
import type { Benchmark } from "../benchmarks";
import type { Result } from "../compare";
import { latencyMs } from "../stage/server-protocol";
import { inWords } from "../target";

/** A run of the benchmarks, as it is printed in JSON. */
export interface Report {
  readonly date: string;
  readonly machine: { readonly node: string; readonly system: string; readonly cores: number };
  readonly latencyMs: number;
  readonly rows: readonly Row[];
}

/** A benchmark and what it came to. */
export interface Row extends Pick<Benchmark, "name" | "what" | "against" | "unit">, Result {
  /** In words. */
  readonly target: string;
}

export function reportOf(results: readonly (readonly [Benchmark, Result])[], now: Date): Report {
  return {
    date: now.toISOString().slice(0, 10),
    machine: { node: process.version, system: type(), cores: availableParallelism() },
    latencyMs,
    rows: results.map(([{ against, name, target, unit, what }, result]) => ({
      name,
      what,
      against,
      unit,
      target: inWords(target),
      ...result,
    })),
  };
}
