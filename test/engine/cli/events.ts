import { readFile } from "node:fs/promises";
import { z } from "zod";
import { isDefaultProvider } from "../default-provider";
import { type Diagnostic, type Run, type Step } from "../types";

/** Steps and diagnostics from the event log of a command; there is none when the command failed before it began. */
export async function readEvents(path: string): Promise<Pick<Run, "steps" | "diagnostics">> {
  const text = await readFile(path, "utf8").catch(() => "");
  const steps: Step[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const { resourcePreEvent, diagnosticEvent } = eventSchema.parse(JSON.parse(line));
    if (resourcePreEvent !== undefined && !isDefaultProvider(resourcePreEvent.metadata.urn)) {
      steps.push(resourcePreEvent.metadata);
    }
    if (diagnosticEvent === undefined || diagnosticEvent.severity === "debug") continue;
    const { severity, message, urn, ephemeral } = diagnosticEvent;
    diagnostics.push({ severity, message: message.replace(/\n+$/, ""), urn, ephemeral });
  }
  return { steps, diagnostics };
}

const ops = [
  "same",
  "create",
  "update",
  "delete",
  "refresh",
  "replace",
  "create-replacement",
  "delete-replaced",
] as const;

const eventSchema = z.object({
  resourcePreEvent: z.object({ metadata: z.object({ op: z.enum(ops), urn: z.string() }) }).optional(),
  diagnosticEvent: z
    .object({
      severity: z.enum(["debug", "info", "info#err", "warning", "error"]),
      message: z.string(),
      urn: z.string().default(""),
      ephemeral: z.boolean().default(false),
    })
    .optional(),
});
