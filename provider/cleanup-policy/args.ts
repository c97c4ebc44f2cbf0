import * as z from "zod";
import { globProblem, lengthProblem, matchProblem, maxGlobs } from "./globs";
import { defaultLimits } from "./limits";
import type { PolicyRules } from "./plan";
import { parseDuration } from "../util/duration";
import {
  checkEach,
  type CheckedInputs,
  contradictions,
  shape as purgeShape,
  wholeNumber,
} from "../container-purge/args";
import { age, select, type SelectInput } from "../container-purge/select";
import { isObject, sameSet, sameValue } from "../util/values";

/** The arguments of a CleanupPolicy after `check`: complete, with every default in place. Stored as they are. */
export interface PolicyInputs {
  readonly match: readonly string[];
  readonly except: readonly string[];
  readonly inactiveFor?: string | undefined;
  readonly keepLatest: number;
  readonly scope: "documents" | "container";
  readonly select?: SelectInput | undefined;
  readonly maxContainers: number;
  readonly maxDeletions: number;
  readonly timeout: string;
  readonly mode: "purge" | "report";
}

/** One schema for each argument, with its default. */
const shape = {
  match: globs(matchProblem, 'expected a list of globs, such as ["pr-*"]').refine(
    (list) => list.length > 0,
    `it is empty; name 1 to ${maxGlobs} globs, such as "pr-*"`,
  ),
  except: globs(globProblem, 'expected a list of globs, such as ["pr-keep-*"]').default([]),
  inactiveFor: age("14 days").optional(),
  keepLatest: wholeNumber.default(0),
  scope: purgeShape.scope,
  select: select.optional(),
  maxContainers: wholeNumber.default(defaultLimits.maxContainers),
  maxDeletions: purgeShape.maxDeletions,
  timeout: purgeShape.timeout,
  mode: z.enum(["purge", "report"], 'allowed are "purge" and "report" (which only tells)').default("purge"),
} satisfies Record<keyof PolicyInputs, z.ZodType>;

/** The names of all arguments. */
export const policyArgumentNames: readonly string[] = Object.keys(shape);

export function checkPolicyInputs(news: Readonly<Record<string, unknown>>): CheckedInputs {
  const { inputs, problems } = checkEach(shape, news);
  return { inputs, problems: problems.length === 0 ? contradictions(inputs) : problems };
}

const stored = z.object(shape);

/** Reads arguments that went through `check` before, from the engine's state. Throws a ZodError for anything else. */
export function readPolicyInputs(values: unknown): PolicyInputs {
  return stored.parse(isObject(values) ? values : {});
}

export function rulesOf({ except, inactiveFor, keepLatest, match, scope }: PolicyInputs): PolicyRules {
  const inactiveForMs = inactiveFor === undefined ? undefined : parseDuration(inactiveFor);
  return { match, except, inactiveForMs, keepLatest, scope };
}

/** The order of globs does not count. */
export function samePolicy(a: PolicyInputs, b: PolicyInputs): boolean {
  const rest = { match: [], except: [] };
  return sameSet(a.match, b.match) && sameSet(a.except, b.except) && sameValue({ ...a, ...rest }, { ...b, ...rest });
}

function globs(problemOf: (glob: string) => string | undefined, expected: string) {
  return z
    .array(z.string("each glob is a string"), expected)
    .transform((list) => [...new Set(list)])
    .superRefine((list, context) => {
      const tooMany = lengthProblem(list);
      if (tooMany !== undefined) context.addIssue(tooMany);
      const bad = list.map((glob) => [glob, problemOf(glob)] as const).find(([, problem]) => problem !== undefined);
      if (bad !== undefined) context.addIssue(`${JSON.stringify(bad[0].slice(0, 120))}: ${bad[1] ?? ""}`);
    });
}
