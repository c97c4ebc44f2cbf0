import type { Run } from "../../engine";

/** `up` without the preview that a person would see first: half the time of a scenario that is not about it. */
export const direct = { skipPreview: true } as const;

/** A program with one ContainerPurge of this name and these arguments, which exports what it deleted. */
export function purgeProgram(args: Readonly<Record<string, unknown>>, name = "memory", options = "{}"): string {
  return `const { ContainerPurge } = require("pulumi-supermemory");
const memory = new ContainerPurge(${JSON.stringify(name)}, ${JSON.stringify(args)}, ${options});
exports.deletedCount = memory.deletedCount;
`;
}

/** Fails with everything a person would have seen when the command did not go as wanted. */
export function expectOk(run: Run): void {
  if (!run.ok) throw new Error(`the command failed:\n${run.output}`);
}

export function expectFailed(run: Run): void {
  if (run.ok) throw new Error(`the command should have failed:\n${run.output}`);
}

/** The messages of a run, of one severity, status lines left out. */
export function messages(run: Run, severity: "info" | "warning" | "error"): readonly string[] {
  return run.diagnostics
    .filter((line) => line.severity === severity && !line.ephemeral)
    .map((line) => line.message.trim());
}
