import type { Contest } from "./compare";
import { peakMemory } from "./measures/memory";
import { programStart } from "./measures/program-start";
import { providerStart } from "./measures/provider-start";
import { byIds, manyTags, oneTag } from "./measures/purges";
import { stateSize } from "./measures/state-size";
import type { Stage } from "./stage/stage";
import type { Target } from "./target";

/** One line of the table. */
export interface Benchmark {
  readonly name: string;
  readonly what: string;
  readonly against: string;
  readonly unit: "ms" | "bytes" | "MiB";
  readonly target: Target;
  /** Measured rounds of both sides. */
  readonly rounds: number;
  /** Rounds before them that are not measured. */
  readonly warmUps: number;
  readonly open: (stage: Stage) => Promise<Contest>;
}

const naive = "`pulumi.dynamic.Resource` with the same job written in `fetch`";
const undici = "undici alone, same requests and concurrency";

export const benchmarks: readonly Benchmark[] = [
  {
    name: "program-start",
    what: "program start, 1 resource: from its first line to the resource sent",
    against: naive,
    unit: "ms",
    target: { timesFaster: 20 },
    rounds: 15,
    warmUps: 1,
    open: programStart,
  },
  {
    name: "provider-start",
    what: "provider process, from its start to the response to the first create",
    against: naive,
    unit: "ms",
    target: { atMost: 1.15 },
    rounds: 21,
    warmUps: 1,
    open: providerStart,
  },
  {
    name: "state",
    what: "state of 1 resource",
    against: naive,
    unit: "bytes",
    target: { atMost: 0.6 },
    rounds: 1,
    warmUps: 0,
    open: stateSize,
  },
  {
    name: "one-tag",
    what: "purge of 1 tag with 5,000 documents",
    against: undici,
    unit: "ms",
    target: { atMost: 1.05 },
    rounds: 41,
    warmUps: 3,
    open: oneTag,
  },
  {
    name: "by-ids",
    what: "purge of 10,000 documents by ids",
    against: "a loop over the official client: list, then `deleteBulk`",
    unit: "ms",
    target: { timesFaster: 6 },
    rounds: 9,
    warmUps: 1,
    open: byIds,
  },
  {
    name: "many-tags",
    what: "purge of 100 tags in 1 resource",
    against: undici,
    unit: "ms",
    target: { atMost: 1.1 },
    rounds: 15,
    warmUps: 2,
    open: manyTags,
  },
  {
    name: "memory",
    what: "peak memory of the provider, 1,000,000 documents by ids",
    against: "its own peak at 10,000",
    unit: "MiB",
    target: { withinMiB: 400 },
    rounds: 1,
    warmUps: 0,
    open: peakMemory,
  },
];
