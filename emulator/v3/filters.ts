import * as z from "zod";
import { HttpProblem } from "../http/response";
import type { Metadata, MetadataValue } from "../store/documents";

/** "The API validates up to 5 levels of nesting" (LogicalExpression). */
const MAX_DEPTH = 5;

const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).default(false);
const condition = z.object({
  filterType: z.enum(["metadata", "numeric", "array_contains", "string_contains"]).default("metadata"),
  key: z.string(),
  negate: flag,
  ignoreCase: flag,
  numericOperator: z.enum([">", "<", ">=", "<=", "="]).default("="),
  value: z.string(),
});
type Condition = z.output<typeof condition>;
const and = z.object({ AND: z.array(z.unknown()) });
const or = z.object({ OR: z.array(z.unknown()) });

type Test = (metadata: Metadata) => boolean;

/** The test that the `filters` of a list describe. Without filters every document passes. Throws 400 when they are not a QueryFilter. */
export function metadataFilter(filters: unknown): Test {
  if (filters === undefined) return () => true;
  const query = typeof filters === "string" ? fromJson(filters) : filters;
  if (!and.safeParse(query).success && !or.safeParse(query).success) throw invalid("the root must contain AND or OR");
  return expression(query, 1);
}

/** Exact match, or prefix match when the filter ends with a slash. */
export function filepathFits(filter: string | undefined, filepath: string | undefined): boolean {
  if (filter === undefined) return true;
  if (filepath === undefined) return false;
  return filter.endsWith("/") ? filepath.startsWith(filter) : filepath === filter;
}

function expression(node: unknown, depth: number): Test {
  if (depth > MAX_DEPTH) throw invalid(`nested deeper than ${MAX_DEPTH} levels`);
  const all = and.safeParse(node);
  if (all.success) {
    const tests = all.data.AND.map((part) => expression(part, depth + 1));
    return (metadata) => tests.every((test) => test(metadata));
  }
  const any = or.safeParse(node);
  if (any.success) {
    const tests = any.data.OR.map((part) => expression(part, depth + 1));
    return (metadata) => tests.some((test) => test(metadata));
  }
  const single = condition.safeParse(node);
  if (!single.success) throw invalid(single.error.issues[0]?.message ?? "not a filter condition");
  const { key, negate } = single.data;
  const test = conditionTest(single.data);
  return (metadata) => {
    const value = metadata[key];
    return (value !== undefined && test(value)) !== negate;
  };
}

function conditionTest({
  filterType,
  ignoreCase,
  numericOperator,
  value,
}: Condition): (actual: MetadataValue) => boolean {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  switch (filterType) {
    case "metadata":
      return (actual) => fold(String(actual)) === fold(value);
    case "array_contains":
      return (actual) => typeof actual === "object" && actual.some((item) => fold(item) === fold(value));
    case "string_contains":
      return (actual) => typeof actual === "string" && fold(actual).includes(fold(value));
    case "numeric":
      return (actual) => compare(Number(actual), numericOperator, Number(value));
  }
}

function compare(left: number, operator: Condition["numericOperator"], right: number): boolean {
  switch (operator) {
    case ">":
      return left > right;
    case "<":
      return left < right;
    case ">=":
      return left >= right;
    case "<=":
      return left <= right;
    case "=":
      return left === right;
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("not JSON");
  }
}

function invalid(what: string): HttpProblem {
  return new HttpProblem(400, "Invalid request parameters", `filters: ${what}`);
}
