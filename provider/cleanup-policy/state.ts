import * as z from "zod";
import {
  besideProtectedIn,
  besideProtectedName,
  completeWith,
  type Place,
  place,
  readStored,
  storable,
} from "../host/state";
import type { Properties } from "../util/values";
import { type PolicyArgs, type PolicyInputs, readPolicyArgs } from "./args";
import type { PlannedContainer } from "./resource";

/** The number of documents that a policy's last run deleted in one container. */
export interface PurgedContainer {
  /** The tag of the container. */
  readonly containerTag: string;
  /** Documents deleted in it by the last run. */
  readonly deletedCount: number;
}

/** The facts that the provider records beside a policy's arguments. `null` is "never". */
export interface PolicyRecord extends Place {
  /** The plan of the last `up` that ran it. */
  readonly planned: readonly PlannedContainer[];
  readonly purged: readonly PurgedContainer[];
  readonly deletedCount: number;
  readonly lastRunAt: string | null;
}

/** The outputs of a CleanupPolicy. */
export interface PolicyState extends PolicyArgs {
  readonly record: PolicyRecord;
}

export const emptyPolicyRecord: PolicyRecord = {
  planned: [],
  purged: [],
  deletedCount: 0,
  lastRunAt: null,
  apiVersion: null,
  baseUrl: null,
  keyId: null,
  besideProtected: false,
};

export const record = z.object({
  planned: z.array(z.object({ containerTag: z.string(), documents: z.number(), reason: z.string() })),
  purged: z.array(z.object({ containerTag: z.string(), deletedCount: z.number() })),
  deletedCount: z.number(),
  lastRunAt: z.string().nullable(),
  ...place,
});

const complete = completeWith([
  "match",
  "except",
  "keepLatest",
  "scope",
  "maxContainers",
  "maxDeletions",
  "timeout",
  "mode",
] satisfies readonly (keyof PolicyInputs)[]);

/** Reads outputs that this package wrote. @throws SupermemoryError naming the field that cannot be read */
export function readPolicyState(outputs: unknown): PolicyState {
  return readStored(outputs, (values) => {
    complete.parse(values);
    const facts = { ...record.parse(values), besideProtected: besideProtectedIn(values) };
    return { ...readPolicyArgs(values), record: facts };
  });
}

/** The tags that `check` put into the inputs; empty when it made no plan. */
export function plannedTagsIn(inputs: Properties): readonly string[] {
  return inputs["plannedTags"] === undefined ? [] : z.array(z.string()).parse(inputs["plannedTags"]);
}

export function writePolicyState(inputs: PolicyInputs, { besideProtected, ...facts }: PolicyRecord): Properties {
  return storable({ ...inputs, ...facts, [besideProtectedName]: besideProtected ? true : undefined });
}
