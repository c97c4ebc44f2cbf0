import * as z from "zod";
import type { PlannedContainer } from "./plan";
import { type PolicyInputs, readPolicyInputs } from "./args";
import { textOf, unreadableState } from "../container-purge/state";
import { isObject } from "../util/values";

/** What a policy's last run deleted in one container. */
export interface PurgedContainer {
  readonly containerTag: string;
  readonly deletedCount: number;
}

/** The facts that the provider records beside a policy's arguments. `null` is "never". */
export interface PolicyRecord {
  /** The plan of the last `up` that ran it. */
  readonly planned: readonly PlannedContainer[];
  readonly purged: readonly PurgedContainer[];
  readonly deletedCount: number;
  readonly lastRunAt: string | null;
  readonly apiVersion: string | null;
  readonly baseUrl: string | null;
  readonly keyId: string | null;
}

/** The outputs of a CleanupPolicy. */
export interface PolicyState {
  readonly inputs: PolicyInputs;
  readonly record: PolicyRecord;
  readonly urn: string | undefined;
  readonly provider: string | undefined;
}

export const emptyPolicyRecord: PolicyRecord = {
  planned: [],
  purged: [],
  deletedCount: 0,
  lastRunAt: null,
  apiVersion: null,
  baseUrl: null,
  keyId: null,
};

const planned = z.array(z.object({ containerTag: z.string(), documents: z.number(), reason: z.string() }));

const record = z.object({
  planned,
  purged: z.array(z.object({ containerTag: z.string(), deletedCount: z.number() })),
  deletedCount: z.number(),
  lastRunAt: z.string().nullable().default(null),
  apiVersion: z.string().nullable().default(null),
  baseUrl: z.string().nullable().default(null),
  keyId: z.string().nullable().default(null),
});

/** Reads outputs that this package wrote. @throws SupermemoryError naming the field that cannot be read */
export function readPolicyState(outputs: unknown): PolicyState {
  const values = isObject(outputs) ? outputs : {};
  try {
    return {
      inputs: readPolicyInputs(values),
      record: record.parse(values),
      urn: textOf(values["__urn"]),
      provider: textOf(values["__provider"]),
    };
  } catch (error) {
    throw unreadableState(error);
  }
}

/** The plan that `check` put into the inputs; undefined when it could make none. */
export function plannedIn(inputs: Readonly<Record<string, unknown>>): readonly PlannedContainer[] | undefined {
  return inputs["planned"] === undefined ? undefined : planned.parse(inputs["planned"]);
}

/** Outputs as the engine stores them; nothing in them is undefined, which the engine does not allow. */
export function writePolicyState({ inputs, provider, record: facts, urn }: PolicyState): Record<string, unknown> {
  const entries = Object.entries({ ...inputs, ...facts, __urn: urn, __provider: provider });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
