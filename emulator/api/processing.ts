import { HttpProblem } from "../http/answer";
import type { Call } from "./call";

/** Throws 409 when one of the documents is still processing. */
export function refuseProcessing(call: Call, slots: readonly number[]): void {
  const processing = slots.filter((slot) => call.world.store.processing.has(slot)).length;
  if (processing > 0) throw stillProcessing(processing);
}

export function stillProcessing(count: number): HttpProblem {
  return new HttpProblem(409, "Conflict", `${count} of the documents ${count === 1 ? "is" : "are"} still processing`);
}
