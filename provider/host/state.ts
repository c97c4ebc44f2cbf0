import * as z from "zod";
import type { ApiVersion } from "../client/api";
import { SupermemoryError } from "../errors";
import { isObject, type Properties } from "../util/values";

/** Where, how and with which key a resource last used the API; null before the first time. */
export const place = {
  apiVersion: z.string().nullable().default(null),
  baseUrl: z.string().nullable().default(null),
  keyId: z.string().nullable().default(null),
};

export interface Place {
  readonly apiVersion: string | null;
  readonly baseUrl: string | null;
  readonly keyId: string | null;
  /** The last plan on v3 saw documents that also carry a protected tag. Stored as a hidden output. */
  readonly besideProtected: boolean;
}

/** The hidden output of `besideProtected`. */
export const besideProtectedName = "__besideProtected";

export function besideProtectedIn(outputs: Properties): boolean {
  return outputs[besideProtectedName] === true;
}

/** The part of a record that a purge or a count changes. v5 shows no tags, so there the last plan on v3 still counts. */
export function seenNow(
  apiVersion: ApiVersion,
  besideProtected: boolean,
  before: Pick<Place, "besideProtected">,
): Pick<Place, "apiVersion" | "besideProtected"> {
  return { apiVersion, besideProtected: apiVersion === "v3" ? besideProtected : before.besideProtected };
}

/** Reads outputs that this package wrote. @throws SupermemoryError naming the field that cannot be read */
export function readStored<T>(outputs: unknown, read: (values: Properties) => T): T {
  try {
    return read(isObject(outputs) ? outputs : {});
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    throw new SupermemoryError(
      `the stored state of this resource cannot be read (${issue?.path.join(".") ?? "outputs"})`,
      ["to remove the resource without purging, run: pulumi state delete"],
    );
  }
}

/** Outputs as the engine stores them: it does not allow undefined. */
export function storable(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
