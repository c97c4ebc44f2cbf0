import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** The settings of Pulumi.yaml that the engine uses. */
export interface ProjectFile {
  readonly name: string;
  readonly root: string;
  /** The program's folder, and the working directory of the program and of providers. */
  readonly programDir: string;
  /** The program's file name, or "." if package.json names the file. */
  readonly entryPoint: string;
  readonly runtime: "nodejs" | "bun";
  /** Whether the SDK compiles TypeScript. Bun needs no help. */
  readonly typescript: boolean;
}

/** Reads a few scalar keys of Pulumi.yaml. It is not a YAML parser. */
export function readProject(root: string): ProjectFile {
  const text = readFileSync(join(root, "Pulumi.yaml"), "utf8");
  const name = scalar(text, "name");
  if (name === undefined) throw new Error(`${join(root, "Pulumi.yaml")} has no name`);
  const runtime = scalar(text, "runtime") ?? scalar(text, "name", "[ \\t]+");
  if (runtime !== "nodejs" && runtime !== "bun")
    throw new Error(`the embedded engine runs programs of nodejs and bun, not ${runtime ?? "unnamed"} ones`);
  const main = join(root, scalar(text, "main") ?? ".");
  const isFile = statSync(main, { throwIfNoEntry: false })?.isFile() ?? false;
  return {
    name,
    root,
    programDir: isFile ? dirname(main) : main,
    entryPoint: isFile ? basename(main) : ".",
    runtime,
    typescript: runtime === "nodejs" && scalar(text, "typescript", "[ \\t]+") !== "false",
  };
}

function scalar(text: string, key: string, indent = ""): string | undefined {
  const found = new RegExp(`^${indent}${key}:[ \\t]*(["']?)([^"'#\\r\\n]+?)\\1[ \\t]*(?:#.*)?$`, "m").exec(text);
  return found?.[2];
}
