import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

export interface ProjectFile {
  readonly name: string;
  readonly root: string;
  /** The program's folder, and the working directory of the program and of providers. */
  readonly programDir: string;
  /** The program's file name, or "." if package.json names the file. */
  readonly entryPoint: string;
  readonly runtime: "nodejs" | "bun";
  readonly typescript: boolean;
  /** Every command begins with a refresh. */
  readonly refresh: boolean;
}

export function readProject(root: string): ProjectFile {
  const { name, main, options, runtime } = schema.parse(parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")));
  const path = join(root, main);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  return {
    name,
    root,
    programDir: isFile ? dirname(path) : path,
    entryPoint: isFile ? basename(path) : ".",
    runtime: runtime.name,
    typescript: runtime.name === "nodejs" && runtime.options?.typescript !== false,
    refresh: options?.refresh === "always",
  };
}

const runtimeName = z.enum(["nodejs", "bun"]);
const schema = z.object({
  name: z.string(),
  main: z.string().default("."),
  options: z.object({ refresh: z.literal("always").optional() }).optional(),
  runtime: z.union([
    z.object({ name: runtimeName, options: z.object({ typescript: z.boolean().optional() }).optional() }),
    runtimeName.transform((name) => ({ name, options: undefined })),
  ]),
});
