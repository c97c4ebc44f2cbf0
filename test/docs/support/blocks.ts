import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export const repository = join(__dirname, "..", "..", "..");

const docs = readdirSync(join(repository, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const examples = readdirSync(join(repository, "examples")).map((name) => `examples/${name}/README.md`);

export const pages: readonly string[] = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "AGENTS.md", ...docs];

export const allPages: readonly string[] = [...pages, "CHANGELOG.md", "bench/README.md", ...examples];

/** A fenced block of a page, with the comment right above it that says how it is checked. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly check: Check | undefined;
}

/**
 * `<!-- program: many/keep, after: ContainerPurge -->`: the name is that of a story, or begins with it; `after` names
 * the preamble that a block which shows only a part comes after.
 */
export interface Check {
  readonly kind: string;
  readonly name: string;
  readonly story: string;
  readonly preamble: string | undefined;
}

/** Every Pulumi.yaml of the examples. */
export function exampleSettings(): readonly string[] {
  return readdirSync(join(repository, "examples"), { encoding: "utf8", recursive: true })
    .filter((path) => basename(path) === "Pulumi.yaml" && !path.includes("node_modules"))
    .map((path) => join("examples", path));
}

export function readPage(page: string): string {
  return readFileSync(join(repository, page), "utf8");
}

export function blocksOf(page: string): readonly Block[] {
  const lines = readPage(page).split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^```(\S*)/.exec(lines[at] ?? "");
    if (fence === null) continue;
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`${page}:${at + 1}: the block has no end`);
    const text = lines.slice(at + 1, end).join("\n");
    blocks.push({ page, line: at + 1, language: fence[1] ?? "", text, check: checkIn(lines[at - 1] ?? "") });
    at = end;
  }
  return blocks;
}

function checkIn(line: string): Check | undefined {
  const found = /^<!-- ([a-z]+)(?:: ([^,]+?))?(?:, after: (.+?))? -->$/.exec(line);
  if (found === null) return undefined;
  const [, kind = "", name = "", preamble] = found;
  return { kind, name, story: name.split("/")[0] ?? "", preamble };
}
