import * as z from "zod";
import { DOCUMENT_TYPES } from "./store/documents";
import { containerTag, metadata } from "./v3/schemas";

/** The fields of seeded documents. Dates are RFC 3339. */
export interface DocumentTemplate {
  readonly content?: string | undefined;
  readonly title?: string | undefined;
  readonly metadata?: Readonly<Record<string, string | number | boolean | string[]>> | undefined;
  readonly filepath?: string | undefined;
  readonly taskType?: "memory" | "superrag" | undefined;
  readonly type?: (typeof DOCUMENT_TYPES)[number] | undefined;
  /** Default: shortly before the emulator started, one millisecond after the previous document. */
  readonly createdAt?: string | undefined;
  /** Default: when it was created. */
  readonly updatedAt?: string | undefined;
  /** Milliseconds of processing from `createdAt` on, or "forever": until finishProcessing(). Default: 0. */
  readonly processing?: number | "forever" | undefined;
  /** Milliseconds after the processing until all its memories are generated, or "forever": until finishProcessing(). Default: 0. */
  readonly dreaming?: number | "forever" | undefined;
  /** Processing ends in the status "failed". Default: false. */
  readonly failed?: boolean | undefined;
  /** The status is always "unknown". Default: false. */
  readonly statusUnknown?: boolean | undefined;
  /** Further tags of the document. */
  readonly alsoIn?: string[] | undefined;
}

/** One document of a container. */
export interface DocumentSeed extends DocumentTemplate {
  readonly customId?: string | undefined;
}

/** A memory that was written directly. */
export interface MemorySeed {
  readonly memory?: string | undefined;
  /** Default: when its container was created. */
  readonly createdAt?: string | undefined;
}

export interface ContainerSeed {
  /** The number of documents, or the documents. Default: 0, an empty container. */
  readonly documents?: number | DocumentSeed[] | undefined;
  /** Default fields of the documents of this container. */
  readonly each?: DocumentTemplate | undefined;
  readonly name?: string | undefined;
  readonly entityContext?: string | undefined;
  /** Direct memories: their number, or the memories. Only deleting the container deletes them. Default: 0. */
  readonly memories?: number | MemorySeed[] | undefined;
  readonly createdAt?: string | undefined;
  /** Default: the time of the newest document or dated memory; null when there is none. */
  readonly lastActivityAt?: string | null | undefined;
  /** Marks the container as part of a running merge. Default: it is not. */
  readonly mergeStatus?: "source" | "target" | undefined;
}

/**
 * The content of the emulator at the start and after a reset. The same in code and in a JSON file.
 *
 * @example
 * { "containers": { "pr-42": 128, "production": { "documents": [{ "content": "keep me", "customId": "a" }] } } }
 */
export interface Seed {
  /** By container tag. A number is short for `{ documents: number }`. */
  readonly containers?: Readonly<Record<string, number | ContainerSeed>> | undefined;
}

const time = z.iso.datetime({ offset: true, error: "not a date; allowed: RFC 3339, e.g. 2026-01-31T12:00:00Z" });

const count = z.number().int("allowed: a whole number from 0 on").min(0, "allowed: a whole number from 0 on");

const duration = z.union([z.number().min(0), z.literal("forever")], 'allowed: milliseconds from 0 on, or "forever"');

const template = strict({
  content: z.string().optional(),
  title: z.string().optional(),
  metadata: metadata.optional(),
  filepath: z.string().optional(),
  taskType: z.enum(["memory", "superrag"]).optional(),
  type: z.enum(DOCUMENT_TYPES).optional(),
  createdAt: time.optional(),
  updatedAt: time.optional(),
  processing: duration.optional(),
  dreaming: duration.optional(),
  failed: z.boolean().optional(),
  statusUnknown: z.boolean().optional(),
  alsoIn: z.array(containerTag).optional(),
});
const document = strict({ ...template.shape, customId: z.string().max(255).optional() });
const memory = strict({ memory: z.string().optional(), createdAt: time.optional() });

const container = strict({
  documents: z.union([count, z.array(document)], "allowed: a number of documents, or a list of documents").optional(),
  each: template.optional(),
  name: z.string().max(100).optional(),
  entityContext: z.string().max(1500).optional(),
  memories: z.union([count, z.array(memory)], "allowed: a number of memories, or a list of memories").optional(),
  createdAt: time.optional(),
  lastActivityAt: time.nullable().optional(),
  mergeStatus: z.enum(["source", "target"]).optional(),
});

const seedSchema: z.ZodType<Seed> = strict({
  containers: z
    .record(containerTag, z.union([count, container], "allowed: a number of documents, or a container"))
    .optional(),
});

function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code, keys }) =>
      code === "unrecognized_keys" && Array.isArray(keys)
        ? `unknown field ${keys.join(", ")}; allowed: ${allowed}`
        : undefined,
  });
}

/**
 * Validates a seed, for instance one read from a file.
 *
 * @throws RangeError with each invalid field, its value and the allowed values
 * @example
 * const seed = parseSeed(JSON.parse(readFileSync("seed.json", "utf8")));
 */
export function parseSeed(value: unknown): Seed {
  const parsed = seedSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.flatMap((issue) => describe(issue, []));
  throw new RangeError(`the seed is not valid\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** For a union it describes the branch that matched deepest. */
function describe(issue: z.core.$ZodIssue, parents: readonly PropertyKey[]): readonly string[] {
  const path = [...parents, ...issue.path];
  if (issue.code === "invalid_union") {
    const [closest] = [...issue.errors].sort((left, right) => depth(right) - depth(left));
    if (closest !== undefined && depth(closest) > 0) return closest.flatMap((inner) => describe(inner, path));
  }
  if (issue.code === "invalid_key") return issue.issues.map((inner) => `${path.join(".")}: ${inner.message}`);
  const where = path.length === 0 ? "seed" : path.join(".");
  const input = issue.input === undefined ? "nothing" : JSON.stringify(issue.input);
  return [`${where}: ${input.length > 60 ? `${input.slice(0, 60)}...` : input}: ${issue.message}`];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length + (code === "unrecognized_keys" ? 1 : 0)));
}
