import * as z from "zod";
import { parseDuration } from "../util/duration";

/** The argument `select` after `check`. */
export interface SelectInput {
  readonly olderThan?: string | undefined;
  readonly newerThan?: string | undefined;
  readonly status?: readonly string[] | undefined;
  readonly metadata?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Processing states. Source: the vendor's OpenAPI document v3, postV3DocumentsList, status. */
const states = ["unknown", "queued", "extracting", "chunking", "embedding", "indexing", "done", "failed"] as const;

const stateList = `allowed are ${states.join(", ")}`;
const flat = 'expected a flat object of strings, numbers and booleans, such as { source: "upload" }';
const fields = "olderThan, newerThan, status, metadata";

const state = z.enum(states);

/** Messages never hold a value of `metadata`. */
export const select = z
  .strictObject(
    {
      olderThan: age("30 days").optional(),
      newerThan: age("30 days").optional(),
      status: z
        .union(
          [state.transform((only) => [only]), z.array(state).min(1, "it is empty: no document would be selected")],
          {
            error: ({ input }) => statusProblem(input),
          },
        )
        .transform((list) => [...new Set(list)].sort())
        .optional(),
      metadata: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean()], flat), flat)
        .refine((value) => Object.keys(value).length > 0, `it is empty; ${flat}`)
        .optional(),
    },
    {
      error: ({ code, keys }) =>
        code === "unrecognized_keys" && Array.isArray(keys)
          ? `unknown field ${keys.join(", ")}; allowed are ${fields}`
          : `expected an object with ${fields}`,
    },
  )
  .superRefine(({ newerThan, olderThan, ...others }, context) => {
    if ([newerThan, olderThan, ...Object.values(others)].every((value) => value === undefined)) {
      context.addIssue(`it selects by nothing; name one of ${fields}, or leave it out to delete all documents`);
    }
    if (newerThan === undefined || olderThan === undefined) return;
    if ((parseDuration(newerThan) ?? 0) <= (parseDuration(olderThan) ?? 0)) {
      context.addIssue(
        `no document is older than "${olderThan}" and newer than "${newerThan}"; newerThan has to be the longer one`,
      );
    }
  });

/** A duration that is more than nothing. `days` is an example for messages, such as "30 days". */
export function age(days: string) {
  return z.string(`expected a duration, such as "${days}" or "12h"`).superRefine((value, context) => {
    const ms = parseDuration(value);
    if (ms === undefined || ms <= 0) {
      context.addIssue(`"${value.slice(0, 40)}" is not a duration such as "${days}", "12h" or "1h30m"`);
    }
  });
}

/** A union tells its branches' problems only as a whole. */
function statusProblem(input: unknown): string {
  const values: readonly unknown[] = Array.isArray(input) ? input : [input];
  const wrong = values.find((value) => !states.some((known) => known === value));
  return `${JSON.stringify(wrong).slice(0, 40)} is no status; ${stateList}`;
}
