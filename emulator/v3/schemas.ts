import * as z from "zod";

/** As in the vendor's OpenAPI document, version 3.0.0. */
export const containerTag = z
  .string()
  .max(100, "a container tag has at most 100 characters")
  .regex(/^[a-zA-Z0-9_:-]+$/, "a container tag consists of letters, digits, _, : and -");

export const metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));
const taskType = z.enum(["memory", "superrag"]);
/** 255 characters is the document's maximum in responses. */
const customId = z.string().max(255);

const documentFields = {
  containerTag: containerTag.optional(),
  containerTags: z.array(containerTag).optional(),
  customId: customId.optional(),
  metadata: metadata.optional(),
  taskType: taskType.optional(),
  filepath: z.string().optional(),
  filterByMetadata: metadata.optional(),
  documentDate: z.string().optional(),
};
const ingestFields = {
  entityContext: z.string().max(1500).optional(),
  dreaming: z.enum(["instant", "dynamic"]).optional(),
};

const batchDocument = z.object({ ...documentFields, ...ingestFields, content: z.string() });

export const addBody = z.strictObject({ ...documentFields, ...ingestFields, content: z.string() });

export const batchBody = z.object({
  ...documentFields,
  ...ingestFields,
  content: z.null().optional(),
  documents: z.union([z.array(batchDocument).min(1).max(600), z.array(z.string()).min(1).max(600)]),
});

export const updateBody = z.object({ ...documentFields, content: z.string().optional() });

const whole = z
  .union([z.string().regex(/^\d+$/).transform(Number), z.number()])
  .pipe(z.number().int("a whole number").min(1, "at least 1"));

export const listBody = z.object({
  containerTags: z.array(containerTag).optional(),
  filters: z.unknown().optional(),
  filepath: z.string().optional(),
  includeContent: z.boolean().default(false),
  limit: whole.default(10),
  page: whole.default(1),
  order: z.enum(["asc", "desc"]).default("desc"),
  sort: z.enum(["createdAt", "updatedAt"]).default("createdAt"),
});
export const memoryListBody = listBody
  .pick({ limit: true, page: true, order: true, sort: true })
  .extend({ containerTags: z.array(containerTag).min(1, "at least 1 container tag"), filters: z.unknown().optional() });
export type ListBody = z.output<typeof listBody>;

export const deleteBulkBody = z.object({
  ids: z.array(z.string()).min(1, "at least 1 id").max(100, "at most 100 ids at once").optional(),
  containerTags: z.array(containerTag).min(1, "at least 1 container tag").optional(),
  filepath: z.string().optional(),
});

/** The fields of a form are texts. http/body.ts parses the file. */
export const uploadForm = z.object({
  file: z.object({ name: z.string(), bytes: z.number(), text: z.string() }, "a file is required"),
  containerTag: containerTag.optional(),
  containerTags: z.string().optional(),
  customId: z
    .string()
    .max(100)
    .regex(/^[a-zA-Z0-9_:-]+$/)
    .optional(),
  metadata: z.string().optional(),
  filepath: z.string().optional(),
  taskType: taskType.optional(),
  title: z.string().optional(),
});

export const mergeBody = z.strictObject({
  containerTags: z.array(containerTag).length(2, "exactly 2 container tags"),
  targetContainerTag: containerTag,
});

export const containerTagSettings = z.object({
  name: z.string().min(1).max(100).optional(),
  entityContext: z.string().max(1500).nullable().optional(),
  memoryFilesystemPaths: z.array(z.string()).nullable().optional(),
  profileBuckets: z
    .array(
      z.object({
        key: z
          .string()
          .regex(/^[a-z0-9][a-z0-9_-]*$/)
          .max(64),
        description: z.string().max(2000).default(""),
      }),
    )
    .max(50)
    .optional(),
});
