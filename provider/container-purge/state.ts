import * as z from "zod";
import { StateError } from "../errors";
import {
  besideProtectedIn,
  besideProtectedName,
  completeWith,
  type Place,
  place,
  readStored,
  storable,
} from "../host/state";
import type { PurgeEvent } from "../purge/types";
import { names } from "../util/format";
import type { Properties } from "../util/values";
import { argumentNames, type PurgeArgs, type PurgeInputs, readArgs } from "./args";

/** A purge that failed, or was skipped. */
export interface PendingPurge {
  /** The tag whose documents were not all deleted. */
  readonly containerTag: string;
  /** The event of the purge. */
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
  readonly pending: readonly PendingPurge[];
  /** Where the last up ran; null when the URN did not show it. */
  readonly project: string | null;
  readonly stack: string | null;
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
  project: null,
  stack: null,
  besideProtected: false,
};

const byTag = z.record(z.string(), z.number());
const entries = z.array(z.object({ containerTag: z.string(), event: z.enum(["create", "update", "drift", "delete"]) }));

export const record = z.object({
  deletedCount: z.number(),
  totalDeletedCount: z.number(),
  deletedByTag: byTag,
  documentCount: z.number().nullable(),
  lastPurgedAt: z.string().nullable(),
  lastPurgeEvent: z.string().nullable(),
  pending: entries,
  ...place,
  project: z.string().nullable(),
  stack: z.string().nullable(),
});

const complete = completeWith([
  "containerTags",
  "purgeOn",
  "scope",
  "deleteBy",
  "sharedDocuments",
  "maxDeletions",
  "allowProtectedTags",
  "verify",
  "timeout",
] satisfies readonly (keyof PurgeInputs)[]);

/** Reads outputs that this package wrote. @throws StateError naming the field that cannot be read */
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

/** Outputs that may name a tag. */
const naming = ["containerTag", "deletedByTag", "pending", "allowProtectedTags"] as const;

/** A secret tag that was removed from the arguments is secret in the record of its purge. */
export function secretOutputs(
  { containerTags, deletedByTag, pending }: Properties,
  { before, now }: { readonly now: boolean; readonly before: boolean },
): readonly string[] {
  if (now) return naming;
  if (!before) return [];
  const current = z.array(z.string()).safeParse(containerTags).data ?? [];
  const recorded = [
    ...Object.keys(byTag.safeParse(deletedByTag).data ?? {}),
    ...(entries.safeParse(pending).data ?? []).map(({ containerTag }) => containerTag),
  ];
  return recorded.some((tag) => !current.includes(tag)) ? naming : [];
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
 * @throws StateError naming the outputs
 */
export function refuseNewerState(outputs: Properties): void {
  const unknown = Object.keys(unknownOutputs(outputs));
  if (unknown.length === 0) return;
  throw new StateError(
    `the stored state of this resource contains ${names(unknown)}, which this version of pulumi-supermemory does not know`,
    [
      "use the newer version that wrote it, or run pulumi up with this version first",
      "to remove the resource without purging, run: pulumi state delete",
    ],
  );
}
