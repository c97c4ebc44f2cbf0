import ts from "typescript";
import { type Block, blocksOf } from "./blocks";

/** What a block that shows only a part of a program comes after; its comment names it. */
const preambles: Readonly<Record<string, string>> = {
  ContainerPurge: `import { ContainerPurge } from "pulumi-supermemory";`,
  EphemeralContainer: `import { EphemeralContainer } from "pulumi-supermemory";`,
  Provider: [
    `import * as pulumi from "@pulumi/pulumi";`,
    `import { ContainerPurge, Provider } from "pulumi-supermemory";`,
    `const config = new pulumi.Config();`,
  ].join("\n"),
};

export function programOf({ check, line, page, text }: Block): string {
  const name = check?.preamble;
  if (name === undefined) return text;
  const preamble = preambles[name];
  if (preamble === undefined) throw new Error(`${page}:${line}: there is no preamble "${name}"`);
  return `${preamble}\n${text}`;
}

export function javaScript(page: string, name: string, change: (text: string) => string = (text) => text): string {
  const block = blocksOf(page).find(({ check }) => check?.kind === "program" && check.name === name);
  if (block === undefined) throw new Error(`${page} has no program "${name}"`);
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  return ts.transpileModule(change(programOf(block)), { compilerOptions }).outputText;
}

/** Several programs as one; each keeps its names to itself, and its exports are those of the whole. */
export function together(programs: readonly string[]): string {
  return programs.map((text) => `(() => {\n${text}\n})();`).join("\n");
}
