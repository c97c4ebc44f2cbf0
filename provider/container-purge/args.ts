import * as z from "zod";
import { malformed } from "../purge/tag-rules";
import type { PurgeEvent } from "../purge/types";
import { nearest } from "../util/nearest";
import { parseDuration } from "../util/duration";
import { select, type SelectInput } from "./select";
import { hasUnknown, isObject } from "../util/values";

/** The arguments of a ContainerPurge after `check`: complete, with every default in place. Stored as they are. */
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
  readonly timeout: string;
}

/** `property` is empty where naming it would make the engine print a value that may be a secret. */
export interface InputProblem {
  readonly property: string;
  readonly reason: string;
}

export interface CheckedInputs {
  /** Arguments with defaults; what is not known yet stays as it came. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly problems: readonly InputProblem[];
}

const purgeEvents = ["create", "update", "drift", "delete"] as const;
const byDefault = ["create", "update", "delete"] as const;

const tags = z
  .array(z.string("each container tag is a string"), 'expected a list of container tags, such as ["pr-42"]')
  .min(1, "it is empty; name 1 to 100 container tags, or set purgeOn: [] to stop purging")
  .transform((list) => [...new Set(list)])
  .superRefine((list, context) => {
    if (list.length > 100) context.addIssue(`it names ${list.length} container tags; allowed are 1 to 100`);
    const bad = list.map((tag) => [tag, malformed(tag)] as const).find(([, problem]) => problem !== undefined);
    if (bad !== undefined)
      context.addIssue(`${JSON.stringify(bad[0].slice(0, 120))} is not a container tag: ${bad[1] ?? ""}`);
  });

export const wholeNumber = z
  .number("expected a whole number, 0 or more")
  .refine((value) => Number.isInteger(value) && value >= 0, {
    error: ({ input }) => `it is ${String(input)}; allowed is a whole number, 0 or more`,
  });

const eventList = `expected a list of "create", "update", "drift", "delete"; an empty list never purges`;

/** One schema for each argument, with its default. */
export const shape = {
  containerTags: tags,
  purgeOn: z
    .array(z.enum(purgeEvents, eventList), eventList)
    .transform((list) => purgeEvents.filter((event) => list.includes(event)))
    .default([...byDefault]),
  triggers: z.unknown().optional(),
  scope: z
    .enum(["documents", "container"], 'allowed are "documents" and "container" (with its memories)')
    .default("documents"),
  select: select.optional(),
  deleteBy: z.enum(["tag", "ids"], 'allowed are "tag" and "ids"').default("tag"),
  sharedDocuments: z.enum(["delete", "keep", "refuse"], 'allowed are "delete", "keep" and "refuse"').default("delete"),
  maxDeletions: wholeNumber.default(10_000),
  allowProtectedTags: z
    .array(z.string("each tag is a string"), 'expected a list of tags, such as ["eu-prod"]')
    .transform((list) => [...new Set(list)])
    .default([]),
  verify: z.boolean("expected true or false").default(true),
  timeout: z
    .string('expected a duration, such as "10m", "90s" or "1h30m"')
    .superRefine((value, context) => {
      const ms = parseDuration(value);
      if (ms === undefined)
        context.addIssue(`"${value.slice(0, 40)}" is not a duration such as "10m", "90s" or "1h30m"`);
      else if (ms <= 0 || ms > 86_400_000)
        context.addIssue(`"${value}" is out of range; allowed is more than 0, up to "24h"`);
    })
    .default("10m"),
} satisfies Record<keyof PurgeInputs, z.ZodType>;

/** The names of all arguments. */
export const argumentNames: readonly string[] = Object.keys(shape);

export function checkInputs(news: Readonly<Record<string, unknown>>): CheckedInputs {
  const { inputs, problems } = checkEach(shape, news);
  return { inputs, problems: problems.length === 0 ? contradictions(inputs) : problems };
}

/** Validates each argument by itself, so that every problem is told at once, on its own property. */
export function checkEach(
  schemas: Readonly<Record<string, z.ZodType>>,
  news: Readonly<Record<string, unknown>>,
): CheckedInputs {
  const inputs: Record<string, unknown> = {};
  const problems: InputProblem[] = [];
  const known = Object.keys(schemas);
  for (const [name, schema] of Object.entries(schemas)) {
    const value = news[name] ?? undefined;
    if (hasUnknown(value)) {
      inputs[name] = value;
      continue;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      problems.push(problemOf(name, value, parsed.error.issues[0]));
    } else if (parsed.data !== undefined) {
      inputs[name] = parsed.data;
    }
  }
  for (const name of Object.keys(news)) {
    if (known.includes(name) || name.startsWith("__")) continue;
    const guess = nearest(name, known);
    const hint = guess === undefined ? `allowed are ${known.join(", ")}` : `did you mean "${guess}"?`;
    problems.push({ property: "", reason: `unknown argument "${name}": ${hint}` });
  }
  return { inputs, problems };
}

/** A container goes as a whole, so nothing may ask for a part of it to stay. */
export function contradictions({ scope, ...others }: Readonly<Record<string, unknown>>): readonly InputProblem[] {
  if (scope !== "container") return [];
  const narrowing = [
    others["select"] === undefined ? undefined : "select",
    others["deleteBy"] === "ids" ? 'deleteBy: "ids"' : undefined,
    (others["sharedDocuments"] ?? "delete") === "delete" || hasUnknown(others["sharedDocuments"])
      ? undefined
      : "sharedDocuments",
  ].find((name) => name !== undefined);
  if (narrowing === undefined) return [];
  const reason = `scope "container" deletes each container as a whole, so it cannot be used together with ${narrowing}; remove one of the two`;
  return [{ property: "scope", reason }];
}

/**
 * The engine prints the value of the property that is named; of a very long list only its length helps, and metadata
 * may be confidential.
 */
function problemOf(name: string, value: unknown, issue: z.core.$ZodIssue | undefined): InputProblem {
  const reason = issue?.message ?? "it cannot be used";
  const isLong = Array.isArray(value) && value.length > 100;
  if (name === "select") {
    const path = ["select", ...(issue?.path ?? []).slice(0, 1).map(String)].join(".");
    return { property: "", reason: `${path}: ${reason}` };
  }
  return isLong ? { property: "", reason: `${name}: ${reason}` } : { property: name, reason };
}

const stored = z.object(shape);

/** Reads arguments that went through `check` before, from the engine's state. Throws a ZodError for anything else. */
export function readInputs(values: unknown): PurgeInputs {
  return stored.parse(isObject(values) ? values : {});
}
