import type { Exchange } from "../../emulator/index";
import type { Sender } from "./sender";
import type { Problem } from "./vendor-document";

/** What may deviate from the vendor's documents in tests, and why. Each row has a test in tolerated.test.ts that needs it. */
export const tolerated = {} satisfies Readonly<Record<string, Tolerated>>;

export type ToleratedName = keyof typeof tolerated;

/** No row can name a request of the package. */
export type Tolerated = ToleratedRequest | ToleratedAnswer;

interface ToleratedRequest {
  readonly part: "request";
  readonly senders: readonly Exclude<Sender, "package">[];
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

interface ToleratedAnswer {
  readonly part: "answer";
  readonly reason: string;
  readonly fits: (problem: Problem, exchange: Heard) => boolean;
}

/** What a row can look at. */
export interface Heard extends Pick<Exchange, "answer" | "fault"> {
  /** Method and path as the vendor's document writes them; undefined where it has no such operation. */
  readonly endpoint: string | undefined;
  readonly request: Exchange["request"];
}
