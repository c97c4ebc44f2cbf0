import * as z from "zod";
import { SupermemoryError } from "../errors";
import { besideProtectedIn, besideProtectedName, type Place, place, readStored, storable } from "../host/state";
import type { PurgeEvent } from "../purge/types";
import { names } from "../util/format";
import type { Properties } from "../util/values";
import { argumentNames, type PurgeArgs, type PurgeInputs, readArgs } from "./args";

/** A purge that failed, or was skipped. */
export interface Pending {
  readonly containerTag: string;
  readonly event: PurgeEvent;
}

/** The facts that the provider records beside the arguments. `null` is "never". */
export interface PurgeRecord extends Place {
  readonly deletedCount: number;
  readonly totalDeletedCount: number;
  readonly deletedByTag: Readonly<Record<string, number>>;
  /** Documents under the tags at the last count; null also when they could not be counted. */
  readonly documentCount: number | null;
  readonly lastPurgedAt: string | null;
  readonly lastPurgeEvent: string | null;
  readonly pending: readonly Pending[];
}

/** The outputs of a ContainerPurge. */
export interface PurgeState extends PurgeArgs {
  readonly record: PurgeRecord;
  /** The last refresh found documents that a purge by these arguments would delete, and `purgeOn` contains drift. */
  readonly drift: boolean;
}

export const emptyRecord: PurgeRecord = {
  deletedCount: 0,
  totalDeletedCount: 0,
  deletedByTag: {},
  documentCount: null,
  lastPurgedAt: null,
  lastPurgeEvent: null,
  pending: [],
  apiVersion: null,
  baseUrl: null,
  keyId: null,
  besideProtected: false,
};

const record = z.object({
  deletedCount: z.number(),
  totalDeletedCount: z.number(),
  deletedByTag: z.record(z.string(), z.number()),
  documentCount: z.number().nullable().default(null),
  lastPurgedAt: z.string().nullable().default(null),
  lastPurgeEvent: z.string().nullable().default(null),
  pending: z.array(z.object({ containerTag: z.string(), event: z.enum(["create", "update", "drift", "delete"]) })),
  ...place,
});

/**
 * Arguments that every version has written. Where one is missing the state is damaged, and a default must not replace
 * it. Arguments of later versions are not in this list: their defaults are what earlier versions did.
 */
const always = [
  "containerTags",
  "purgeOn",
  "maxDeletions",
  "allowProtectedTags",
  "verify",
  "timeout",
] as const satisfies readonly (keyof PurgeInputs)[];

const complete = z.object(Object.fromEntries(always.map((name) => [name, z.unknown().nonoptional()])));

/** Reads outputs that this package wrote. @throws SupermemoryError naming the field that cannot be read */
export function readState(outputs: unknown): PurgeState {
  return readStored(outputs, (values) => {
    complete.parse(values);
    const facts = { ...record.parse(values), besideProtected: besideProtectedIn(values) };
    return { ...readArgs(values), record: facts, drift: values["__drift"] === true };
  });
}

export function writeState(inputs: PurgeInputs, { besideProtected, ...facts }: PurgeRecord, drift = false): Properties {
  const hidden = { __drift: drift ? true : undefined, [besideProtectedName]: besideProtected ? true : undefined };
  const [only, ...others] = inputs.containerTags;
  const containerTag = others.length === 0 ? (only ?? null) : null;
  return storable({ ...inputs, containerTag, ...facts, ...hidden });
}

/** Outputs that a newer version has written, and this one does not know. */
export function unknownOutputs(outputs: Properties): Properties {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !known.has(name) && !name.startsWith("__")));
}

const known: ReadonlySet<string> = new Set([...argumentNames, ...Object.keys(emptyRecord), "containerTag"]);

/**
 * An unknown output may be an argument that narrows the purge, so a delete does not go on without it. An update may: the
 * program's arguments govern it.
 *
 * @throws SupermemoryError naming the outputs
 */
export function refuseNewerState(outputs: Properties): void {
  const unknown = Object.keys(unknownOutputs(outputs));
  if (unknown.length === 0) return;
  throw new SupermemoryError(
    `the stored state of this resource contains ${names(unknown)}, which this version of pulumi-supermemory does not know`,
    [
      "use the newer version that wrote it, or run pulumi up with this version first",
      "to remove the resource without purging, run: pulumi state delete",
    ],
  );
}
