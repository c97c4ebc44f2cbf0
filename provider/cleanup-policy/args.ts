import * as z from "zod";
import {
  age,
  checkAll,
  entry,
  maxDeletions,
  methodOf,
  msOf,
  scope,
  select,
  type SelectInput,
  timeout,
  wholeNumber,
} from "../host/args";
import type { CheckFailure, CheckResponse } from "../host/handler";
import type { PurgeMethod } from "../purge/types";
import { textOfObject } from "../util/text-of-object";
import { type Properties, sameSet, sameValue } from "../util/values";
import type { PolicyRules } from "./plan";

/** The arguments of a CleanupPolicy after `check`, with every default in place. State holds them as they are. */
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

/** The arguments, with the values that are made of them. */
export interface PolicyArgs {
  readonly inputs: PolicyInputs;
  readonly rules: PolicyRules;
  readonly method: PurgeMethod;
  readonly timeoutMs: number;
}

/** A glob that could match nearly every tag is refused. */
const literalStart = 3;
const maxGlobs = 100;

/** One schema for each argument, with its default. */
export const shape = {
  match: globs(matchProblem, 'expected a list of globs, such as ["pr-*"]').refine(
    (list) => list.length > 0,
    `the list is empty; name 1 to ${maxGlobs} globs, such as "pr-*"`,
  ),
  except: globs(globProblem, 'expected a list of globs, such as ["pr-keep-*"]').default([]),
  inactiveFor: age("14 days", { zero: true }).optional(),
  keepLatest: wholeNumber.default(0),
  scope,
  select: select.optional(),
  maxContainers: wholeNumber.default(20),
  maxDeletions,
  timeout,
  mode: z.enum(["purge", "report"], 'allowed values are "purge" and "report" (which never deletes)').default("purge"),
} satisfies Record<keyof PolicyInputs, z.ZodType>;

const stored = z.object(shape);

/** The names of all arguments. */
export const policyArgumentNames: readonly string[] = Object.keys(shape);

export function checkPolicyArgs(news: Properties): CheckResponse {
  const { failures, inputs } = checkAll(shape, news);
  const keepsNothing = inputs["inactiveFor"] === undefined && inputs["keepLatest"] === 0;
  return { inputs, failures: failures.length === 0 && keepsNothing ? [keepsNoneInUse] : failures };
}

/** Neither argument may have a value that the engine could print. */
const keepsNoneInUse: CheckFailure = {
  property: "",
  reason:
    'one of inactiveFor and keepLatest (above 0) is required; without them, containers in use would be purged\nadd inactiveFor: "14 days" or keepLatest: 3. To purge every container that matches, set inactiveFor: "0s"',
};

/** Reads arguments that went through `check`, of an operation or from state. @throws ZodError for anything else */
export function readPolicyArgs(values: Properties): PolicyArgs {
  const inputs = stored.parse(values);
  const { except, inactiveFor, keepLatest, match, scope: whole, select: selected, timeout: limit } = inputs;
  return {
    inputs,
    rules: { match, except, inactiveForMs: idleMsOf(inactiveFor), keepLatest, scope: whole },
    method: methodOf({ scope: whole, select: selected, deleteBy: "tag", sharedDocuments: "delete" }),
    timeoutMs: msOf(limit),
  };
}

/** "0s" keeps no container for its activity. */
function idleMsOf(inactiveFor: string | undefined): number | undefined {
  const ms = msOf(inactiveFor);
  return ms === 0 ? undefined : ms;
}

/** The order of globs does not matter. */
export function samePolicy(a: PolicyInputs, b: PolicyInputs): boolean {
  const rest = { match: [], except: [] };
  return sameSet(a.match, b.match) && sameSet(a.except, b.except) && sameValue({ ...a, ...rest }, { ...b, ...rest });
}

function globs(problemOf: (glob: string) => string | undefined, expected: string) {
  return z
    .array(entry, expected)
    .transform((list) => [...new Set(list)])
    .superRefine((list, context) => {
      if (list.length > maxGlobs) context.addIssue(`the list has ${list.length} globs; the maximum is ${maxGlobs}`);
      const bad = list.map((glob) => [glob, problemOf(glob)] as const).find(([, problem]) => problem !== undefined);
      if (bad !== undefined) context.addIssue(`${JSON.stringify(bad[0].slice(0, 120))}: ${bad[1] ?? ""}`);
    });
}

/** Why a text cannot be a glob of `match`, or undefined. */
function matchProblem(glob: string): string | undefined {
  const problem = globProblem(glob);
  if (problem !== undefined) return problem;
  const literal = glob.search(/[*?]|$/);
  return literal < literalStart
    ? `a glob must start with at least ${literalStart} literal characters, such as "pr-*"`
    : undefined;
}

/** Why a text cannot be a glob, or undefined. */
function globProblem(glob: string): string | undefined {
  if (glob.trim() === "") return "a glob cannot be blank";
  const cause = textOfObject(glob);
  if (cause !== undefined) return cause;
  if (glob.length > 100) return `the glob has ${glob.length} characters; the maximum is 100`;
  return /^[a-zA-Z0-9_:*?-]+$/.test(glob)
    ? undefined
    : 'only letters, digits, "_", ":", "-" and the wildcards "*" and "?" are allowed';
}
