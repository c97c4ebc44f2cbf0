import type { z } from "zod";
import type { Call } from "../api/call";
import { HttpProblem } from "../http/response";

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** The parsed input. Throws 400 in the configured shape. */
export function parseInput<Schema extends z.ZodType>(call: Call, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(call, input, parsed.error.issues);
}

/** A 400 as a ValidationErrorResponse, which contains the input, or as an ErrorResponse. */
export function invalidInput(call: Call, input: unknown, issues: readonly Issue[]): HttpProblem {
  const [first] = issues;
  const where = first === undefined || first.path.length === 0 ? "body" : first.path.join(".");
  const details = `${where}: ${first?.message ?? "invalid"}`;
  const error = issues.map(({ message, path }) => ({
    message,
    path: path.map((part) => (typeof part === "number" ? part : String(part))),
  }));
  switch (call.world.behaviour.invalidRequests) {
    case "issues":
      return new HttpProblem(400, "Invalid request parameters", details, { success: false, error, data: input });
    case "message":
      return new HttpProblem(400, "Invalid request parameters", details);
  }
}
