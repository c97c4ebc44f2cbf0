import * as z from "zod";

const field = z
  .string()
  .min(1)
  .regex(/^[a-zA-Z0-9_.-]+$/, "a field consists of letters, digits, _, . and -");
const caseSensitive = z.boolean().default(true);

/** The five kinds of a FilterPredicate; each is closed. */
const predicate = z.union([
  z.strictObject({ field, operator: z.enum(["eq", "neq"]), value: z.string(), caseSensitive }),
  z.strictObject({ field, operator: z.enum(["eq", "neq"]), value: z.union([z.number(), z.boolean()]) }),
  z.strictObject({ field, operator: z.enum(["gt", "gte", "lt", "lte"]), value: z.number() }),
  z.strictObject({ field, operator: z.enum(["contains", "notContains"]), value: z.string(), caseSensitive }),
  z.strictObject({ field, operator: z.enum(["arrayContains", "arrayNotContains"]), value: z.string() }),
]);

export type Predicate = z.output<typeof predicate>;
export type Filter = Predicate | { readonly operator: "and" | "or"; readonly operands: readonly Filter[] };

/** A FilterExpression: a predicate, or several expressions joined by and/or. */
export const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([predicate, z.strictObject({ operator: z.enum(["and", "or"]), operands: z.array(filter).min(1).max(200) })]),
);
