import { type RunOptions } from "../types";

export type Command = "preview" | "up" | "refresh" | "destroy";

/** The command line of a run. */
export function runArguments(command: Command, stack: string, options: RunOptions): readonly string[] {
  const { target = [], exclude = [], replace = [] } = options;
  const previewOnly = command !== "preview" && options.previewOnly === true;
  return [
    command,
    ...["--stack", stack, "--non-interactive", "--color", options.color === true ? "always" : "never"],
    ...(previewOnly ? ["--preview-only"] : []),
    ...(command === "preview" || previewOnly ? [] : ["--yes"]),
    ...(options.skipPreview === true && command !== "preview" && !previewOnly ? ["--skip-preview"] : []),
    ...(options.refresh === true && command !== "refresh" ? ["--refresh"] : []),
    ...(options.runProgram === true && command === "destroy" ? ["--run-program"] : []),
    ...target.flatMap((urn) => ["--target", urn]),
    ...exclude.flatMap((urn) => ["--exclude", urn]),
    ...replace.flatMap((urn) => ["--replace", urn]),
  ];
}
