import type { EmulatorOptions } from "../../../emulator";
import type { ConfigValue } from "../../engine";

/** The API versions that the vendor offers during a scenario, and the program's configuration for them. */
export interface Api {
  readonly name: "v3" | "v5 alone";
  readonly emulator: Pick<EmulatorOptions, "v3">;
  readonly config: Readonly<Record<string, ConfigValue>>;
}

export const v3: Api = { name: "v3", emulator: {}, config: {} };

/** The API after the end of v3, used by a program that sets its API version. */
export const v5: Api = { name: "v5 alone", emulator: { v3: "gone" }, config: { "supermemory:apiVersion": "v5" } };

/** For scenarios about requests. What sends none, or is about keys and programs, runs over v3 only. */
export const bothApis: readonly Api[] = [v3, v5];
