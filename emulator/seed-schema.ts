import { z } from "zod";
import { DOCUMENT_TYPES } from "./store/documents.js";
import { containerTag } from "./v3/schemas.js";

/** What every document of a container may carry. Dates are RFC 3339. */
export interface DocumentTemplate {
  readonly content?: string | undefined;
  readonly title?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | number | boolean | string[]>> | undefined;
  readonly filepath?: string | undefined;
  readonly taskType?: "memory" | "superrag" | undefined;
  readonly type?: (typeof DOCUMENT_TYPES)[number] | undefined;
  /** Default: shortly before the emulator started, one millisecond after the document before. */
  readonly createdAt?: string | undefined;
  /** Milliseconds of processing from `createdAt` on, or "forever": until finishProcessing(). Default 0. */
  readonly processing?: number | "forever" | undefined;
  /** Processing ends in the status "failed". Default false. */
  readonly failed?: boolean | undefined;
  /** Further tags that the document carries. */
  readonly alsoIn?: string[] | undefined;
}

/** One document of a container. */
export interface DocumentSeed extends DocumentTemplate {
  readonly customId?: string | undefined;
}

export interface ContainerSeed {
  /** How many, or which. Default 0: an empty container. */
  readonly documents?: number | DocumentSeed[] | undefined;
  /** What all documents of the container have, unless they set their own. */
  readonly each?: DocumentTemplate | undefined;
  readonly name?: string | undefined;
  readonly entityContext?: string | undefined;
  /** Memories written directly; only the deletion of the container removes them. Default 0. */
  readonly memories?: number | undefined;
  readonly createdAt?: string | undefined;
  /** Default: that of the newest document, null when there is none. */
  readonly lastActivityAt?: string | null | undefined;
}

/**
 * What the emulator holds at the start and after a reset. The same in code and in a JSON file.
 *
 * @example
 * { "containers": { "pr-42": 128, "production": { "documents": [{ "content": "keep me", "customId": "a" }] } } }
 */
export interface Seed {
  /** By container tag; a number stands for `{ documents: number }`. */
  readonly containers?: Readonly<Record<string, number | ContainerSeed>> | undefined;
}

const time = z.iso.datetime({ offset: true, error: "not a date; allowed: RFC 3339, e.g. 2026-01-31T12:00:00Z" });

const template = z.strictObject({
  content: z.string().optional(),
  title: z.string().optional(),
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])).optional(),
  filepath: z.string().optional(),
  taskType: z.enum(["memory", "superrag"]).optional(),
  type: z.enum(DOCUMENT_TYPES).optional(),
  createdAt: time.optional(),
  processing: z.union([z.number().min(0), z.literal("forever")]).optional(),
  failed: z.boolean().optional(),
  alsoIn: z.array(containerTag).optional(),
});
const document = template.extend({ customId: z.string().max(255).optional() });

const container = z.strictObject({
  documents: z.union([z.number().int().min(0), z.array(document)]).optional(),
  each: template.optional(),
  name: z.string().max(100).optional(),
  entityContext: z.string().max(1500).optional(),
  memories: z.number().int().min(0).optional(),
  createdAt: time.optional(),
  lastActivityAt: time.nullable().optional(),
});

const seedSchema: z.ZodType<Seed> = z.strictObject({
  containers: z.record(containerTag, z.union([z.number().int().min(0), container])).optional(),
});

/**
 * Checks a seed, for instance one read from a file.
 *
 * @throws RangeError that names every field that is wrong
 */
export function parseSeed(value: unknown): Seed {
  const parsed = seedSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RangeError(`the seed is not valid:\n${z.prettifyError(parsed.error)}`);
}
