import { isDeepStrictEqual } from "node:util";
import type { Benchmark } from "./benchmarks";
import type { Sample } from "./stage/stage";
import { type Spread, spreadOf } from "./statistics";
import { isReached, ratioOf } from "./target";

/** Two ways to do the same work. */
export interface Contest {
  /** Whether both must send the same requests, and the same number of each. */
  readonly sameRequests?: boolean;
  readonly ours: () => Promise<Sample>;
  readonly peer: () => Promise<Sample>;
  readonly close?: () => Promise<void>;
}

/** The result of a benchmark. */
export interface Result {
  readonly rounds: number;
  readonly ours: Spread;
  readonly peer: Spread;
  /** Each round has its own ratio, so that a machine that is slow for a while slows both sides. */
  readonly ratio: Spread;
  readonly reached: boolean;
}

/** Runs both sides in turns, then closes the contest. @throws Error when a side did not do its work */
export async function compare(
  { rounds, target, warmUps }: Pick<Benchmark, "rounds" | "target" | "warmUps">,
  contest: Contest,
): Promise<Result> {
  try {
    for (let round = 0; round < warmUps; round += 1) await runRound(contest, round);
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round += 1) pairs.push(await runRound(contest, round));
    const ours = spreadOf(pairs.map((pair) => pair.ours));
    const peer = spreadOf(pairs.map((pair) => pair.peer));
    const ratio = spreadOf(pairs.map((pair) => ratioOf(target, pair.ours, pair.peer)));
    const reached = isReached(target, { ours: ours.median, ratio: ratio.median });
    return { rounds, ours, peer, ratio, reached };
  } finally {
    await contest.close?.();
  }
}

interface Pair {
  readonly ours: number;
  readonly peer: number;
}

/** One round. The side that runs first alternates. */
async function runRound({ ours, peer, sameRequests = false }: Contest, round: number): Promise<Pair> {
  const first = round % 2 === 0 ? await ours() : await peer();
  const second = round % 2 === 0 ? await peer() : await ours();
  const [mine, theirs] = round % 2 === 0 ? [first, second] : [second, first];
  if (sameRequests && !isDeepStrictEqual(mine.sent, theirs.sent)) {
    throw new Error(`the requests differ: ${JSON.stringify(mine.sent)} and ${JSON.stringify(theirs.sent)}`);
  }
  return { ours: mine.value, peer: theirs.value };
}
