import { HttpProblem } from "../http/response";
import type { ProcessingLength } from "../store/processing";
import type { Behaviour } from "./behaviour";
import type { Call } from "./call";

/** How long an added document is processed. With `dreaming` "instant" its memories need no further time; "superrag" generates none. */
export function processingLength(
  { processingMs, dreamingMs }: Behaviour,
  { taskType, dreaming }: { readonly taskType?: string | undefined; readonly dreaming?: string | undefined },
): ProcessingLength {
  const generatesLater = taskType !== "superrag" && dreaming !== "instant";
  return { processingMs, dreamingMs: generatesLater ? dreamingMs : 0 };
}

/** Throws 409 when one of the documents is still processing. */
export function refuseProcessing(call: Call, slots: readonly number[]): void {
  const processing = slots.filter((slot) => call.world.store.processing.has(slot)).length;
  if (processing > 0) throw stillProcessing(processing);
}

export function stillProcessing(count: number): HttpProblem {
  return new HttpProblem(409, "Conflict", `${count} of the documents ${count === 1 ? "is" : "are"} still processing`);
}
