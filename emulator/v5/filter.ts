import * as z from "zod";
import type { Metadata, MetadataValue } from "../store/documents";

const field = z
  .string()
  .min(1)
  .regex(/^[a-zA-Z0-9_.-]+$/, "a field consists of letters, digits, _, . and -");
const caseSensitive = z.boolean().default(true);

/** The five kinds of a FilterPredicate. Each is closed. */
const predicate = z.union([
  z.strictObject({ field, operator: z.enum(["eq", "neq"]), value: z.string(), caseSensitive }),
  z.strictObject({ field, operator: z.enum(["eq", "neq"]), value: z.union([z.number(), z.boolean()]) }),
  z.strictObject({ field, operator: z.enum(["gt", "gte", "lt", "lte"]), value: z.number() }),
  z.strictObject({ field, operator: z.enum(["contains", "notContains"]), value: z.string(), caseSensitive }),
  z.strictObject({ field, operator: z.enum(["arrayContains", "arrayNotContains"]), value: z.string() }),
]);

export type Predicate = z.output<typeof predicate>;
export type Filter = Predicate | { readonly operator: "and" | "or"; readonly operands: readonly Filter[] };

/** A FilterExpression: a predicate, or expressions combined with and/or. */
export const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([predicate, z.strictObject({ operator: z.enum(["and", "or"]), operands: z.array(filter).min(1).max(200) })]),
);

/** "The API validates up to 5 levels of nesting" (FilterExpression). */
export const MAX_LEVELS = 5;

/** Whether metadata passes a filter. A negated operator is the complement of the other one, so a missing field passes it. */
export function passes(filter: Filter, metadata: Metadata): boolean {
  switch (filter.operator) {
    case "and":
      return filter.operands.every((operand) => passes(operand, metadata));
    case "or":
      return filter.operands.some((operand) => passes(operand, metadata));
    default:
      return predicatePasses(filter, metadata[filter.field]);
  }
}

/** The number of levels of a filter; 1 for a predicate. */
export function levelsOf(filter: Filter): number {
  return "operands" in filter ? 1 + Math.max(...filter.operands.map(levelsOf)) : 1;
}

function predicatePasses(predicate: Predicate, actual: MetadataValue | undefined): boolean {
  switch (predicate.operator) {
    case "eq":
      return equals(predicate, actual);
    case "neq":
      return !equals(predicate, actual);
    case "gt":
      return typeof actual === "number" && actual > predicate.value;
    case "gte":
      return typeof actual === "number" && actual >= predicate.value;
    case "lt":
      return typeof actual === "number" && actual < predicate.value;
    case "lte":
      return typeof actual === "number" && actual <= predicate.value;
    case "contains":
      return contains(predicate, actual);
    case "notContains":
      return !contains(predicate, actual);
    case "arrayContains":
      return typeof actual === "object" && actual.includes(predicate.value);
    case "arrayNotContains":
      return !(typeof actual === "object" && actual.includes(predicate.value));
  }
}

function equals(predicate: Extract<Predicate, { operator: "eq" | "neq" }>, actual: MetadataValue | undefined): boolean {
  if (typeof actual !== "string" || !("caseSensitive" in predicate)) return actual === predicate.value;
  return folded(actual, predicate.caseSensitive) === folded(predicate.value, predicate.caseSensitive);
}

function contains(
  { value, caseSensitive }: Extract<Predicate, { operator: "contains" | "notContains" }>,
  actual: MetadataValue | undefined,
): boolean {
  return typeof actual === "string" && folded(actual, caseSensitive).includes(folded(value, caseSensitive));
}

function folded(text: string, caseSensitive: boolean): string {
  return caseSensitive ? text : text.toLowerCase();
}
