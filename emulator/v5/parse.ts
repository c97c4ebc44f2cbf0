import type { z } from "zod";
import type { Call } from "../api/call";
import { HttpProblem } from "../http/answer";

interface Issue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** The input as the schema says. Throws 400 in the shape that the emulator is told to use. */
export function parseInput<Schema extends z.ZodType>(call: Call, schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput(call, input, parsed.error.issues);
}

/** A 400: ValidationErrorResponse, which repeats the input, or ErrorResponse. */
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
