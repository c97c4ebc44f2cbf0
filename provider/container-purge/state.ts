import * as z from "zod";
import { SupermemoryError } from "../errors";
import type { PurgeEvent } from "../purge/types";
import { names } from "../util/format";
import { argumentNames, type PurgeInputs, readInputs } from "./args";
import { isObject } from "../util/values";

/** What a purge that failed or was skipped left undone. */
export interface Pending {
  readonly containerTag: string;
  readonly event: PurgeEvent;
}

/** The facts that the provider records beside the arguments. `null` is "never". */
export interface PurgeRecord {
  readonly deletedCount: number;
  readonly totalDeletedCount: number;
  readonly deletedByTag: Readonly<Record<string, number>>;
  /** Under the tags when last looked at; null when they could not be counted, too. */
  readonly documentCount: number | null;
  readonly lastPurgedAt: string | null;
  readonly lastPurgeEvent: string | null;
  readonly pending: readonly Pending[];
  readonly apiVersion: string | null;
  readonly baseUrl: string | null;
  readonly keyId: string | null;
}

/** The outputs of a ContainerPurge: its arguments, what was done, and the names the engine does not tell us. */
export interface PurgeState {
  readonly inputs: PurgeInputs;
  readonly record: PurgeRecord;
  readonly urn: string | undefined;
  readonly provider: string | undefined;
  /** The last refresh found documents that a purge by these arguments would delete, and `purgeOn` asks for it. */
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
};

const record = z.object({
  deletedCount: z.number(),
  totalDeletedCount: z.number(),
  deletedByTag: z.record(z.string(), z.number()),
  documentCount: z.number().nullable().default(null),
  lastPurgedAt: z.string().nullable().default(null),
  lastPurgeEvent: z.string().nullable().default(null),
  pending: z.array(z.object({ containerTag: z.string(), event: z.enum(["create", "update", "drift", "delete"]) })),
  apiVersion: z.string().nullable().default(null),
  baseUrl: z.string().nullable().default(null),
  keyId: z.string().nullable().default(null),
});

/**
 * Arguments that every version has written, given by the program or not: where one is missing the state is damaged, and
 * no default may stand in for it. One that came later is not added: its default is what was done before there was it.
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
  const values = isObject(outputs) ? outputs : {};
  try {
    complete.parse(values);
    return {
      inputs: readInputs(values),
      record: record.parse(values),
      urn: textOf(values["__urn"]),
      provider: textOf(values["__provider"]),
      drift: values["__drift"] === true,
    };
  } catch (error) {
    throw unreadableState(error);
  }
}

/** What state that does not fit amounts to; any other error is itself. */
export function unreadableState(error: unknown): unknown {
  if (!(error instanceof z.ZodError)) return error;
  const [issue] = error.issues;
  return new SupermemoryError(
    `the stored state of this resource cannot be read (${issue?.path.join(".") ?? "outputs"}); nothing was deleted\nto give it up without purging: pulumi state delete`,
  );
}

/** Outputs as the engine stores them; nothing in them is undefined, which the engine does not allow. */
export function writeState({ drift, inputs, provider, record: facts, urn }: PurgeState): Record<string, unknown> {
  const [only, ...others] = inputs.containerTags;
  const entries = Object.entries({
    ...inputs,
    containerTag: others.length === 0 ? (only ?? null) : null,
    ...facts,
    __urn: urn,
    __provider: provider,
    __drift: drift ? true : undefined,
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What a version newer than this one has written beside the outputs that this one knows. */
export function unknownOutputs(outputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !known.has(name) && !name.startsWith("__")));
}

const known: ReadonlySet<string> = new Set([...argumentNames, ...Object.keys(emptyRecord), "containerTag"]);

/**
 * An unknown output may be an argument that narrows the purge, so the end of a resource does not go on without it. An
 * update may: the program's arguments govern it, and its outputs are this version's.
 *
 * @throws SupermemoryError naming the outputs
 */
export function refuseNewerState(outputs: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(unknownOutputs(outputs));
  if (unknown.length === 0) return;
  throw new SupermemoryError(
    `the stored state of this resource holds ${names(unknown)}, which this version of pulumi-supermemory does not know: a newer one wrote it; nothing was deleted\nuse that version, or run pulumi up with this one first; to give it up without purging: pulumi state delete`,
  );
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
