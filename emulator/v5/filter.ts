import type { Metadata, MetadataValue } from "../store/documents";
import type { Filter, Predicate } from "./filter-schema";

/** "The API validates up to 5 levels of nesting" (FilterExpression). */
export const MAX_LEVELS = 5;

/** Whether metadata passes a filter. The negated operators are the complements of the others, so a missing field passes them. */
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

/** How deep a filter is nested; 1 for a predicate. */
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
