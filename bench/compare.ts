import { isDeepStrictEqual } from "node:util";
import type { Benchmark } from "./benchmarks";
import type { Sample } from "./stage/stage";
import { type Spread, spreadOf } from "./statistics";
import { isReached, ratioOf } from "./target";

/** Two ways to do the same. */
export interface Contest {
  /** Whether both have to send the same requests, as many of each. */
  readonly sameRequests?: boolean;
  readonly ours: () => Promise<Sample>;
  readonly peer: () => Promise<Sample>;
  readonly close?: () => Promise<void>;
}

/** What a benchmark came to. */
export interface Result {
  readonly rounds: number;
  readonly ours: Spread;
  readonly peer: Spread;
  /** Of the rounds, each of which has its own: what slows the machine down for a while slows both. */
  readonly ratio: Spread;
  readonly reached: boolean;
}

/** Runs both sides in turns, and closes the contest. @throws Error when a side did not do what it was to do */
export async function compare(
  { rounds, target, warmUps }: Pick<Benchmark, "rounds" | "target" | "warmUps">,
  contest: Contest,
): Promise<Result> {
  try {
    for (let round = 0; round < warmUps; round += 1) await play(contest, round);
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round += 1) pairs.push(await play(contest, round));
    const ratio = spreadOf(pairs.map(({ ours, peer }) => ratioOf(target, ours, peer)));
    return {
      rounds,
      ours: spreadOf(pairs.map(({ ours }) => ours)),
      peer: spreadOf(pairs.map(({ peer }) => peer)),
      ratio,
      reached: isReached(target, ratio.median),
    };
  } finally {
    await contest.close?.();
  }
}

interface Pair {
  readonly ours: number;
  readonly peer: number;
}

/** One round; who goes first changes from round to round. */
async function play({ ours, peer, sameRequests = false }: Contest, round: number): Promise<Pair> {
  const first = round % 2 === 0 ? await ours() : await peer();
  const second = round % 2 === 0 ? await peer() : await ours();
  const [mine, theirs] = round % 2 === 0 ? [first, second] : [second, first];
  if (sameRequests && !isDeepStrictEqual(mine.sent, theirs.sent)) {
    throw new Error(`the requests differ: ${JSON.stringify(mine.sent)} and ${JSON.stringify(theirs.sent)}`);
  }
  return { ours: mine.value, peer: theirs.value };
}
