import { protectionOf, type TagRules } from "../purge/tag-rules";

/** Globs stand for a policy's scope, so one that could match nearly everything is refused. */
const literalStart = 3;

export const maxGlobs = 100;

/** Why a list of globs is too long, or undefined; what is there twice counts once. */
export function lengthProblem(globs: readonly string[]): string | undefined {
  const { size } = new Set(globs);
  return size > maxGlobs ? `it names ${size} globs; allowed are at most ${maxGlobs}` : undefined;
}

/** Why a text cannot be a glob of `match`, or undefined. */
export function matchProblem(glob: string): string | undefined {
  const problem = globProblem(glob);
  if (problem !== undefined) return problem;
  const literal = glob.search(/[*?]|$/);
  if (literal >= literalStart) return undefined;
  return `it starts with ${literal === 0 ? "no" : `only ${literal}`} literal character${literal === 1 ? "" : "s"}; allowed are globs that start with at least ${literalStart}, such as "pr-*"`;
}

/** Why a text cannot be a glob, or undefined. */
export function globProblem(glob: string): string | undefined {
  if (glob.trim() === "") return "it is blank";
  if (glob.length > 100) return `it has ${glob.length} characters; allowed are 1 to 100`;
  return /^[a-zA-Z0-9_:*?-]+$/.test(glob)
    ? undefined
    : 'allowed are letters, digits, "_", ":", "-", and the wildcards "*" and "?"';
}

/**
 * Why every tag that a glob can match is protected, or undefined when some may not be: a segment without a wildcard is
 * in all of them.
 */
export function alwaysProtected(glob: string, rules: TagRules): string | undefined {
  const sample = glob.replace(/[*?]/g, "x");
  return protectionOf(sample, "policy", sample === glob ? rules : { ...rules, protectedTags: [] });
}
