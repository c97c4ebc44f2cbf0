import type { Clock } from "../clock";
import {
  type DocumentStatus,
  type DreamingStatus,
  dreamingStatusAt,
  isProcessing,
  type Processing,
  statusAt,
} from "./documents";

/** How long a document is processed. Infinity: until {@link ProcessingTimes.finish}. */
export interface ProcessingLength {
  /** Milliseconds of processing. Default: 0. */
  readonly processingMs?: number | undefined;
  /** Milliseconds after the processing until all memories are generated. Default: 0. */
  readonly dreamingMs?: number | undefined;
}

/** When each document is processed. Documents without processing time have no entry. */
export class ProcessingTimes {
  private readonly bySlot = new Map<number, Processing>();

  constructor(private readonly clock: Clock) {}

  start(slot: number, from: number, { processingMs = 0, dreamingMs = 0 }: ProcessingLength, fails: boolean): void {
    const until = from + processingMs;
    const dreamsUntil = until + dreamingMs;
    if (dreamsUntil > from || fails) this.bySlot.set(slot, { from, until, dreamsUntil, fails });
    else this.bySlot.delete(slot);
  }

  forget(slot: number): void {
    this.bySlot.delete(slot);
  }

  statusOf(slot: number): DocumentStatus {
    return statusAt(this.bySlot.get(slot), this.clock.now());
  }

  /** `status` is the status in responses, which may be "unknown". */
  dreamingStatusOf(slot: number, status: DocumentStatus): DreamingStatus {
    return dreamingStatusAt(this.bySlot.get(slot), status, this.clock.now());
  }

  has(slot: number): boolean {
    return isProcessing(this.statusOf(slot));
  }

  /** The slots of documents that are still processing, oldest first. */
  slots(): number[] {
    const now = this.clock.now();
    for (const [slot, { dreamsUntil, fails }] of this.bySlot) {
      if (!fails && now >= dreamsUntil) this.bySlot.delete(slot);
    }
    return [...this.bySlot.keys()].filter((slot) => this.has(slot)).sort((left, right) => left - right);
  }

  /** Ends the processing and the generation of memories of every document that `includes` selects. */
  finish(includes: (slot: number) => boolean): void {
    for (const [slot, processing] of [...this.bySlot]) {
      if (includes(slot)) this.bySlot.set(slot, { ...processing, until: -Infinity, dreamsUntil: -Infinity });
    }
  }
}
