import type { Clock } from "../clock";
import { type DocumentStatus, isProcessing, type Processing, statusAt } from "./documents";

/** Which documents process, from when until when. Documents that never processed cost nothing here. */
export class ProcessingTimes {
  private readonly bySlot = new Map<number, Processing>();

  constructor(private readonly clock: Clock) {}

  /** Starts the processing of a document; `length` in milliseconds, Infinity: until {@link finish}. */
  start(slot: number, from: number, length: number, fails: boolean): void {
    if (length > 0 || fails) this.bySlot.set(slot, { from, until: from + length, fails });
    else this.bySlot.delete(slot);
  }

  forget(slot: number): void {
    this.bySlot.delete(slot);
  }

  statusOf(slot: number): DocumentStatus {
    return statusAt(this.bySlot.get(slot), this.clock.now());
  }

  has(slot: number): boolean {
    return isProcessing(this.statusOf(slot));
  }

  /** The slots still processing, oldest first. */
  slots(): number[] {
    for (const [slot, { fails }] of this.bySlot) {
      if (!fails && !this.has(slot)) this.bySlot.delete(slot);
    }
    return [...this.bySlot.keys()].filter((slot) => this.has(slot)).sort((left, right) => left - right);
  }

  /** Ends the processing of every document that `concerns` picks. */
  finish(concerns: (slot: number) => boolean): void {
    for (const [slot, processing] of [...this.bySlot]) {
      if (concerns(slot)) this.bySlot.set(slot, { ...processing, until: -Infinity });
    }
  }
}
