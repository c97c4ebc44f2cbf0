import { z } from "zod";

/** The delay before the server responds to a request. */
export const latencyMs = 20;

/** Documents that no purge may touch. */
export const bystander = { bystander: 3 } as const;

/** Calls to the server: start over with these containers and the bystander, or report its documents and requests. */
export const taskSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("seed"), containers: z.record(z.string(), z.number()) }),
  z.object({ kind: z.literal("report") }),
]);

/** The result of both. */
export const serverReportSchema = z.object({
  url: z.string(),
  apiKey: z.string(),
  /** Documents by container. */
  containers: z.record(z.string(), z.number()),
  /** Documents that requests actually deleted. */
  deleted: z.number(),
  /** Requests without a successful response. */
  failed: z.number(),
  /** The number of requests of each shape. */
  sent: z.record(z.string(), z.number()),
});

export type ServerReport = z.infer<typeof serverReportSchema>;
