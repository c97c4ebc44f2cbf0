import * as z from "zod";
import { SupermemoryError } from "../errors";
import { isObject, type Properties } from "../util/values";

/** Where, and with which key, a resource last used the API; null before the first time. */
export const place = {
  apiVersion: z.string().nullable(),
  baseUrl: z.string().nullable(),
  keyId: z.string().nullable(),
};

/**
 * Arguments that every version has written. Where one is missing the state is damaged, and a default must not replace it.
 * Arguments of later versions do not belong here: their defaults are what earlier versions did.
 */
export function completeWith(names: readonly string[]): z.ZodType<Properties> {
  return z.looseObject(Object.fromEntries(names.map((name) => [name, z.unknown().nonoptional()])));
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
