import * as z from "zod";
import type { PurgeMethod } from "../purge/types";
import { parseDuration } from "../util/duration";
import { nearest } from "../util/nearest";
import { hasUnknown, isObject, type Properties } from "../util/values";
import type { CheckFailure, CheckResponse } from "./handler";

/** The argument `select` after `check`. */
export interface SelectInput {
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Validates each argument, then the valid ones against each other. */
export function checkAll(schemas: Readonly<Record<string, z.ZodType>>, news: Properties): CheckResponse {
  const { failures, inputs } = checkEach(schemas, news);
  return { inputs, failures: failures.length === 0 ? contradictions(inputs) : failures };
}

/** Validates each argument separately, so that every problem is reported on its own property. */
function checkEach(schemas: Readonly<Record<string, z.ZodType>>, news: Properties): CheckResponse {
  const inputs: Record<string, unknown> = {};
  const failures: CheckFailure[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const value = news[name] ?? undefined;
    if (hasUnknown(value)) {
      inputs[name] = value;
      continue;
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) failures.push(failureOf(name, value, parsed.error.issues[0]));
    else if (parsed.data !== undefined) inputs[name] = parsed.data;
  }
  return { inputs, failures: [...failures, ...unknownArguments(Object.keys(schemas), news)] };
}

/** A container is deleted as a whole, so no argument may keep a part of it. */
function contradictions({ scope, ...others }: Properties): readonly CheckFailure[] {
  if (scope !== "container") return [];
  const narrowing = [
    others["select"] === undefined ? undefined : "select",
    others["deleteBy"] === "ids" ? 'deleteBy: "ids"' : undefined,
    (others["sharedDocuments"] ?? "delete") === "delete" || hasUnknown(others["sharedDocuments"])
      ? undefined
      : "sharedDocuments",
  ].find((name) => name !== undefined);
  if (narrowing === undefined) return [];
  const reason = `scope: "container" deletes each container as a whole, so it cannot be combined with ${narrowing}\nremove one of the two`;
  return [{ property: "scope", reason }];
}

/** How a purge by these arguments deletes. `select`, and `sharedDocuments` other than delete, imply single ids. */
export function methodOf({
  deleteBy,
  scope,
  select: selected,
  sharedDocuments,
}: {
  readonly scope: "documents" | "container";
  readonly select?: SelectInput | undefined;
  readonly deleteBy: "tag" | "ids";
  readonly sharedDocuments: "delete" | "keep" | "refuse";
}): PurgeMethod {
  if (scope === "container") return { kind: "container" };
  if (deleteBy === "tag" && selected === undefined && sharedDocuments === "delete") return { kind: "tag" };
  if (selected === undefined) return { kind: "ids", sharedDocuments, select: undefined };
  const { metadata, newerThan, olderThan, status } = selected;
  const filter = { metadata, status, newerThanMs: msOf(newerThan), olderThanMs: msOf(olderThan) };
  return { kind: "ids", sharedDocuments, select: filter };
}

/** The milliseconds of a duration that its schema has accepted. */
export function msOf(duration: string): number;
export function msOf(duration: string | undefined): number | undefined;
export function msOf(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  const ms = parseDuration(duration);
  if (ms === undefined) throw new RangeError(`not a duration: ${duration}`);
  return ms;
}

export const wholeNumber = z
  .number("expected a whole number, 0 or more")
  .refine((value) => Number.isInteger(value) && value >= 0, {
    error: ({ input }) => `${String(input)} is not a whole number, 0 or more`,
  });

export const scope = z
  .enum(["documents", "container"], 'allowed values are "documents" and "container" (with its memories)')
  .default("documents");

export const maxDeletions = wholeNumber.default(10_000);

export const timeout = z
  .string('expected a duration, such as "10m", "90s" or "1h30m"')
  .superRefine((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined) context.addIssue(`"${value.slice(0, 40)}" is not a duration such as "10m", "90s" or "1h30m"`);
    else if (ms <= 0 || ms > 86_400_000)
      context.addIssue(`"${value}" is out of range; a timeout is more than 0 and at most "24h"`);
  })
  .default("10m");

/** A duration of more than 0, or also "0s". `example` is for messages, such as "30 days". */
export function age(example: string, { zero = false } = {}) {
  return z.string(`expected a duration, such as "${example}" or "12h"`).superRefine((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined || (ms === 0 && !zero)) {
      context.addIssue(`"${value.slice(0, 40)}" is not a duration such as "${example}", "12h" or "1h30m"`);
    }
  });
}

/** Processing states. Source: the vendor's OpenAPI document v3, postV3DocumentsList, status. */
const states = ["unknown", "queued", "extracting", "chunking", "embedding", "indexing", "done", "failed"] as const;
const state = z.enum(states);
const flat = 'expected a flat object of strings, numbers and booleans, such as { source: "upload" }';
const fields = "olderThan, newerThan, status, metadata";

/** Unlike a record of zod it keeps a condition named `__proto__`. */
export const conditions = z
  .unknown()
  .transform((value, context) => {
    if (isObject(value)) return Object.entries(value);
    context.addIssue(flat);
    return z.NEVER;
  })
  .pipe(z.array(z.tuple([z.string(), z.union([z.string(), z.number(), z.boolean()], flat)])))
  .refine((entries) => entries.length > 0, `the object is empty; ${flat}`)
  .transform((entries): NonNullable<SelectInput["metadata"]> => Object.fromEntries(entries));

/** No message contains a value of `metadata`, which may be confidential. */
const selection = z
  .strictObject(
    {
      olderThan: age("30 days").optional(),
      newerThan: age("30 days").optional(),
      status: z
        .union([state.transform((only) => [only]), z.array(state).min(1, "the list is empty, so it selects nothing")], {
          error: ({ input }) => statusProblem(input),
        })
        .transform((list) => [...new Set(list)].sort())
        .optional(),
      metadata: conditions.optional(),
    },
    {
      error: ({ code, keys }) =>
        code === "unrecognized_keys" && Array.isArray(keys) ? unknownFields(keys) : `expected an object with ${fields}`,
    },
  )
  .superRefine(({ newerThan, olderThan, ...others }, context) => {
    if ([newerThan, olderThan, ...Object.values(others)].every((value) => value === undefined)) {
      context.addIssue(`it is empty; set one of ${fields}, or remove it to delete all documents`);
    }
    if (newerThan === undefined || olderThan === undefined) return;
    if ((parseDuration(newerThan) ?? 0) <= (parseDuration(olderThan) ?? 0)) {
      context.addIssue(
        `no document is older than "${olderThan}" and newer than "${newerThan}"; newerThan must be longer than olderThan`,
      );
    }
  });

/** The object of zod does not see a field named `__proto__`. */
export const select = z
  .unknown()
  .refine((value) => !isObject(value) || !Object.hasOwn(value, "__proto__"), unknownFields(["__proto__"]))
  .pipe(selection);

function unknownFields(names: readonly string[]): string {
  return `unknown field ${names.join(", ")}; allowed fields are ${fields}`;
}

/** zod reports the problems of a union's branches only as a whole. */
function statusProblem(input: unknown): string {
  const values: readonly unknown[] = Array.isArray(input) ? input : [input];
  const wrong = values.find((value) => !states.some((known) => known === value));
  return `${JSON.stringify(wrong).slice(0, 40)} is not a status; allowed values are ${states.join(", ")}`;
}

/**
 * The engine prints the value of the property that a failure names. That does not help for a very long one or one that is
 * missing, and metadata may be confidential.
 */
function failureOf(name: string, value: unknown, issue: z.core.$ZodIssue | undefined): CheckFailure {
  const reason = issue?.message ?? "the value is not valid";
  if (name === "select") {
    const path = ["select", ...(issue?.path ?? []).slice(0, 1).map(String)].join(".");
    return { property: "", reason: `${path}: ${reason}` };
  }
  const isLong = Array.isArray(value) && (value.length > 100 || value.some(isLongText));
  return isLong || value === undefined ? { property: "", reason: `${name}: ${reason}` } : { property: name, reason };
}

/** Such as the text of an Output, which has several lines. */
function isLongText(value: unknown): boolean {
  return typeof value === "string" && value.length > 200;
}

/** An entry of a list of strings. A program passes `undefined` for a variable that is not set. */
export const entry = z.string({
  error: ({ input, path = [] }) => {
    const index = path.at(-1);
    const place = typeof index === "number" ? `entry ${index + 1}` : "an entry";
    const isUnset = input === undefined || input === null;
    return isUnset ? `${place} is not set: is a variable missing?` : `${place} is not a string`;
  },
});

function unknownArguments(known: readonly string[], news: Properties): readonly CheckFailure[] {
  return Object.keys(news)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const guess = nearest(name, known);
      const hint = guess === undefined ? `allowed arguments are ${known.join(", ")}` : `did you mean "${guess}"?`;
      return { property: "", reason: `unknown argument "${name}"; ${hint}` };
    });
}
