import * as z from "zod";
import { metadata } from "../v3/schemas";
import { filter } from "./filter";

/** As in the vendor's OpenAPI document of v5: bodies are closed, queries are open. */
const namespace = z
  .string()
  .max(100, "a namespace has at most 100 characters")
  .regex(/^[a-zA-Z0-9_:-]+$/, "a namespace consists of letters, digits, _, : and -");

export const namespacePath = z.object({ namespace });

const documentId = z.string().min(1, "at least 1 character").max(255, "at most 255 characters");
export const documentPath = z.object({ id: documentId });

const documentFields = {
  content: z.string(),
  id: documentId.optional(),
  supportingContext: z.string().max(1500).optional(),
  metadata: metadata.optional(),
  group: metadata.optional(),
  date: z.string().optional(),
};
const pipelineFields = {
  taskType: z.enum(["memory", "superrag"]).optional(),
  dreaming: z.enum(["dynamic", "instant"]).optional(),
};

export const addBody = z.strictObject({ ...documentFields, ...pipelineFields });
export type AddBody = z.output<typeof addBody>;

export const batchBody = z.strictObject({
  documents: z
    .array(z.strictObject(documentFields))
    .min(1, "at least 1 document")
    .max(600, "at most 600 documents at once"),
  ...pipelineFields,
});

export const deleteBody = z.strictObject({
  ids: z.array(documentId).min(1, "at least 1 id").max(100, "at most 100 ids at once"),
});

export const includeQuery = z.object({ include: z.array(z.enum(["chunks", "memories"])) });

export const listPath = z.object({ type: z.enum(["documents", "chunks", "memories"]) });

const includeIn500 = z.strictObject({ forgotten: z.boolean().optional() });
const includeIn501 = includeIn500.extend({ content: z.boolean().optional(), memoryCount: z.boolean().optional() });

/** The body of a list, by the release of v5. */
export const listBody = {
  "5.0.0": z.strictObject({ filter: filter.optional(), include: includeIn500.optional() }),
  "5.0.1": z.strictObject({ filter: filter.optional(), include: includeIn501.optional() }),
} as const;
export type ListInclude = z.output<typeof includeIn501>;

const whole = z
  .string()
  .regex(/^\d+$/, "a whole number")
  .transform(Number)
  .pipe(z.number().int("a whole number").min(1, "at least 1"));

const pageFields = { page: whole.default(1), limit: whole.pipe(z.number().max(100, "at most 100")).default(10) };

export const namespacesQuery = z.object({ ...pageFields, q: z.string().optional() });

export const listQuery = z.object({
  ...pageFields,
  sort: z.enum(["createdAt", "updatedAt", "position"]).default("createdAt"),
  order: z.enum(["asc", "desc"]).default("desc"),
});

export const moveQuery = z.object({ moveTo: namespace.optional() });
