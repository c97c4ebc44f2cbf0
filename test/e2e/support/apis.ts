import type { EmulatorOptions, Fault, FaultMatch } from "../../../emulator";
import type { ConfigValue } from "../../engine";

/** What the vendor offers while a scenario runs. */
export interface Api {
  readonly name: "v3" | "v5 alone" | "v3 that goes away";
  readonly emulator: Pick<EmulatorOptions, "v3">;
  readonly config: Readonly<Record<string, ConfigValue>>;
}

/** The API of today. */
export const v3: Api = { name: "v3", emulator: {}, config: {} };

/** The API after the end of v3, as a program that names its generation uses it. */
export const v5: Api = { name: "v5 alone", emulator: { v3: "gone" }, config: { "supermemory:apiVersion": "v5" } };

/** The day of the switch: v3 ends for good while a command runs, and all that follows goes over v5. */
export const v3GoingAway: Api = { name: "v3 that goes away", emulator: {}, config: {} };

/** What the foundation's scenarios run over. */
export const everyApi: readonly Api[] = [v3, v5, v3GoingAway];

/** The request with which v3 ends: the first that deletes, the same but answered in full, or the first that lists. */
export type V3Ends = "at a delete" | "after a delete" | "at a list";

/** Name of the fault with which v3 ends. */
export const v3EndsHere = "v3 ends here";

/** The fault with which v3 ends; a world fails at its end when no request came to it. */
export function v3Ending(moment: V3Ends): { readonly match: FaultMatch; readonly then: Fault } {
  const route = moment === "at a list" ? "documents.list" : "documents.deleteBulk";
  const when = moment === "after a delete" ? "afterEffect" : "beforeEffect";
  return { match: { route }, then: { kind: "switchOff", as: "gone", when } };
}

/** Scenarios that are not run over every API, and why. There are no others. */
const leftOut: readonly LeftOut[] = [
  { scenario: "because of a protected tag, already in the preview", over: [v5, v3GoingAway], why: "sends nothing" },
  { scenario: "because of a wildcard, already in the preview", over: [v5, v3GoingAway], why: "sends nothing" },
  { scenario: "because of an unknown argument, already in the preview", over: [v5, v3GoingAway], why: "sends nothing" },
];

interface LeftOut {
  readonly scenario: string;
  readonly over: readonly Api[];
  readonly why: string;
}

export function isLeftOut(scenario: string, api: Api): boolean {
  return leftOut.some((row) => row.scenario === scenario && row.over.includes(api));
}
