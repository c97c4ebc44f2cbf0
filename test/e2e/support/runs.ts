import type { Run } from "../../engine";

/** Skips the preview of an `up` or `destroy`, which takes half the time of a scenario that is not about it. */
export const direct = { skipPreview: true } as const;

/** A program with one ContainerPurge of this name and these arguments, which exports the number of deleted documents. */
export function purgeProgram(args: Readonly<Record<string, unknown>>, name = "memory", options = "{}"): string {
  return `const { ContainerPurge } = require("pulumi-supermemory");
const memory = new ContainerPurge(${JSON.stringify(name)}, ${JSON.stringify(args)}, ${options});
exports.deletedCount = memory.deletedCount;
`;
}

/** @throws Error with the whole output when the command failed */
export function expectOk(run: Run): Run {
  if (!run.ok) throw new Error(`the command failed:\n${run.output}`);
  return run;
}

/** @throws Error with the whole output when the command succeeded */
export function expectFailed(run: Run): Run {
  if (run.ok) throw new Error(`the command should have failed:\n${run.output}`);
  return run;
}

/** The messages of a run with this severity, without status lines. */
export function messages(run: Run, severity: "info" | "warning" | "error"): readonly string[] {
  return run.diagnostics
    .filter((line) => line.severity === severity && !line.ephemeral)
    .map((line) => line.message.trim());
}
