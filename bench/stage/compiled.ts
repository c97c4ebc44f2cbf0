import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

/** A program of this folder as JavaScript, as `tsc` makes it for a user. */
export function compiled(program: "by-name" | "naive" | "start"): string {
  const file = join(__dirname, "..", "programs", `${program}.ts`);
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  return transpileModule(readFileSync(file, "utf8"), { compilerOptions, fileName: file }).outputText;
}
