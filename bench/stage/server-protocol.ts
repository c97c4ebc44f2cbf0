import { z } from "zod";

/** What the server waits before it answers a request. */
export const latencyMs = 20;

/** Documents that nothing may touch. */
export const bystander = { bystander: 3 } as const;

/** What the server is asked: to begin anew with these containers beside the bystander, or what has become of them. */
export const questionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("seed"), containers: z.record(z.string(), z.number()) }),
  z.object({ kind: z.literal("look") }),
]);

/** What it answers. */
export const answerSchema = z.object({
  url: z.string(),
  apiKey: z.string(),
  /** Documents by container. */
  containers: z.record(z.string(), z.number()),
  /** Documents that requests have really removed. */
  deleted: z.number(),
  /** Requests that were not answered well. */
  failed: z.number(),
  /** How many requests of each shape were sent. */
  sent: z.record(z.string(), z.number()),
});

export type ServerAnswer = z.infer<typeof answerSchema>;
