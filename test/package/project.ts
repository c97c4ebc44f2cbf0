import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./command";
import type { Row } from "./matrix";
import type { Program } from "./programs";
import { sourcesOf } from "./sources";
import { versions } from "./versions";

/** A row's project on disk, not installed yet. */
export interface Project {
  readonly root: string;
  readonly programDir: string;
}

/** Writes settings, manifest and sources, as the author of such a program has them. */
export async function writeProject(row: Row, root: string, tarball: string): Promise<Project> {
  const isWorkspace = row.layout === "workspace";
  const programDir = isWorkspace ? join(root, "infra") : root;
  mkdirSync(programDir, { recursive: true });
  if (isWorkspace) await writeWorkspace(root, tarball);
  const version = isWorkspace ? (row.installer === "pnpm" ? "workspace:*" : "*") : `file:${tarball}`;
  const files = {
    ...sourcesOf(row.program),
    "package.json": JSON.stringify(manifest(row, version), undefined, 2),
    "Pulumi.yaml": settings(row.program),
    // Makes it a project of its own, not a member of one in a parent folder.
    ...(row.installer === "yarn 4" ? { "yarn.lock": "" } : {}),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(programDir, path)), { recursive: true });
    writeFileSync(join(programDir, path), text);
  }
  return { root, programDir };
}

/** The SDK's TypeScript loader is only for programs that the SDK compiles. */
function settings({ runtime, language, built }: Program): string {
  const loader = language === "TypeScript" && built !== true ? "" : "  options:\n    typescript: false\n";
  return `name: shop\nruntime:\n  name: ${runtime}\n${loader}`;
}

function manifest({ program, pulumi }: Row, version: string) {
  const { typescript, modules } = program;
  const main = program.built === true ? "bin/index.js" : program.language === "JavaScript" ? "index.js" : "index.ts";
  return {
    name: "infra",
    private: true,
    type: modules,
    main,
    dependencies: {
      "@pulumi/pulumi": pulumi,
      "pulumi-supermemory": version,
      ...(program.language === "JavaScript" ? {} : { "@types/node": versions.nodeTypes }),
      ...(typescript === undefined ? {} : { typescript }),
      ...program.dependencies,
    },
  };
}

/** A workspace whose other member is the unpacked package, with its own SDK for development. */
async function writeWorkspace(root: string, tarball: string): Promise<void> {
  const workspaces = ["infra", "package"];
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "shop", private: true, workspaces }));
  writeFileSync(join(root, "pnpm-workspace.yaml"), `packages: ${JSON.stringify(workspaces)}\n`);
  // The folder in the tarball is "package".
  await run(["tar", "-xzf", tarball], { cwd: root, env: process.env });
}
