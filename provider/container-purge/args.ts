import * as z from "zod";
import {
  checkAll,
  entry,
  maxDeletions,
  methodOf,
  msOf,
  scope,
  select,
  type SelectInput,
  settle,
  timeout,
} from "../host/args";
import type { CheckFailure, CheckResponse } from "../host/handler";
import { malformed } from "../purge/tag-rules";
import type { PurgeEvent, PurgeMethod } from "../purge/types";
import { parseDuration } from "../util/duration";
import { hasUnknown, type Properties } from "../util/values";

/** The arguments of a ContainerPurge after `check`, with every default in place. State holds them as they are. */
export interface PurgeInputs {
  readonly containerTags: readonly string[];
  readonly purgeOn: readonly PurgeEvent[];
  readonly triggers?: unknown;
  readonly scope: "documents" | "container";
  readonly select?: SelectInput | undefined;
  readonly deleteBy: "tag" | "ids";
  readonly sharedDocuments: "delete" | "keep" | "refuse";
  readonly maxDeletions: number;
  readonly allowProtectedTags: readonly string[];
  readonly verify: boolean;
  readonly settle?: string | undefined;
  readonly timeout: string;
}

/** The arguments, with the values that are made of them. */
export interface PurgeArgs {
  readonly inputs: PurgeInputs;
  readonly method: PurgeMethod;
  readonly timeoutMs: number;
  readonly settleMs?: number | undefined;
}

const purgeEvents = ["create", "update", "drift", "delete"] as const;
const byDefault = ["create", "update", "delete"] as const;
const eventList = `expected a list of "create", "update", "drift", "delete"; an empty list never purges`;

const tags = z
  .array(entry, 'expected a list of container tags, such as ["pr-42"]')
  .min(1, "the list is empty; name 1 to 100 container tags, or set purgeOn: [] to stop purging")
  .transform((list) => [...new Set(list)])
  .superRefine((list, context) => {
    if (list.length > 100) context.addIssue(`the list has ${list.length} container tags; the maximum is 100`);
    const bad = list.map((tag) => [tag, malformed(tag)] as const).find(([, problem]) => problem !== undefined);
    if (bad !== undefined)
      context.addIssue(`${JSON.stringify(bad[0].slice(0, 120))} is not a valid container tag: ${bad[1] ?? ""}`);
  });

/** One schema for each argument, with its default. */
export const shape = {
  containerTags: tags,
  purgeOn: z
    .array(z.enum(purgeEvents, eventList), eventList)
    .transform((list) => purgeEvents.filter((event) => list.includes(event)))
    .default([...byDefault]),
  triggers: z.unknown().optional(),
  scope,
  select: select.optional(),
  deleteBy: z.enum(["tag", "ids"], 'allowed values are "tag" and "ids"').default("tag"),
  sharedDocuments: z
    .enum(["delete", "keep", "refuse"], 'allowed values are "delete", "keep" and "refuse"')
    .default("delete"),
  maxDeletions,
  allowProtectedTags: z
    .array(entry, 'expected a list of tags, such as ["eu-prod"]')
    .transform((list) => [...new Set(list)])
    .default([]),
  verify: z.boolean("expected true or false").default(true),
  settle: settle.optional(),
  timeout,
} satisfies Record<keyof PurgeInputs, z.ZodType>;

const stored = z.object(shape);

/** The names of all arguments. */
export const argumentNames: readonly string[] = Object.keys(shape);

export function checkArgs(news: Properties): CheckResponse {
  const { failures, inputs } = checkAll(shape, news);
  return { inputs, failures: failures.length === 0 ? settlesTooLong(inputs) : failures };
}

function settlesTooLong({ settle: wait, timeout: limit }: Properties): readonly CheckFailure[] {
  const [waitMs, limitMs] = [wait, limit].map((text) => (typeof text === "string" ? parseDuration(text) : undefined));
  if (waitMs === undefined || limitMs === undefined || waitMs < limitMs) return [];
  return [{ property: "settle", reason: `settle is part of timeout, so it must be shorter (${String(limit)})` }];
}

/** Reads arguments that went through `check`, of an operation or from state. @throws ZodError for anything else */
export function readArgs(values: Properties): PurgeArgs {
  const inputs = stored.parse(values);
  return { inputs, method: methodOf(inputs), timeoutMs: msOf(inputs.timeout), settleMs: msOf(inputs.settle) };
}

/** Arguments, with defaults in place of values that are not known yet. */
export function knownArgs(checked: Properties): PurgeArgs {
  return readArgs(Object.fromEntries(Object.entries(checked).filter(([, value]) => !hasUnknown(value))));
}
