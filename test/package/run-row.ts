import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { z } from "zod";
import { installEnvironment, run } from "./command";
import { doJob } from "./job";
import type { Row } from "./matrix";
import { type Project, writeProject } from "./project";
import { UnavailableError, type Toolbox } from "./toolbox";

/** The result of a row. `why` of a failure begins with the failed step. */
export type Outcome =
  | { readonly result: "ran" }
  | { readonly result: "failed"; readonly why: string }
  | { readonly result: "not run"; readonly why: string };

export async function runRow(row: Row, folder: string, { toolbox, tarball, stop }: Context): Promise<Outcome> {
  let step = "tools";
  const begin = (next: string) => {
    step = next;
    console.log(`  ${next}`);
  };
  mkdirSync(folder);
  try {
    begin("tools");
    const node = await toolbox.node(row.node);
    const bun = row.program.runtime === "bun" ? await toolbox.bun() : undefined;
    const installation = await toolbox.install(row.installer, node);
    const env = installEnvironment(toolbox.caches, dirname(node));
    begin("install");
    const project = await writeProject(row, folder, tarball);
    await run(installation, { cwd: project.root, env, stop });
    checkInstall(row, project);
    begin("exports");
    const { programDir } = project;
    await run([bun ?? node, "exports.mjs"], { cwd: programDir, env, stop });
    if (row.program.typescript !== undefined) {
      begin("types");
      await run([node, compilerOf(programDir), "-p", "."], { cwd: programDir, env, stop });
    }
    begin("create and delete");
    await doJob(row, programDir, { runtimes: { node: [node], bun }, stop });
    return { result: "ran" };
  } catch (error) {
    if (error instanceof UnavailableError) return { result: "not run", why: messageOf(error) };
    return { result: "failed", why: `${step}: ${messageOf(error)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Context {
  readonly toolbox: Toolbox;
  readonly tarball: string;
  readonly stop: AbortSignal;
}

/**
 * Checks that the installed versions are those of the row, and that nothing of this repository is used.
 *
 * @throws Error that names the difference
 */
function checkInstall(row: Row, { root, programDir }: Project): void {
  const require = createRequire(join(programDir, "index.js"));
  const versionOf = (name: string) => {
    const path = realpathSync(require.resolve(`${name}/package.json`));
    if (!path.startsWith(realpathSync(root) + sep)) throw new Error(`${name} is outside this project: ${path}`);
    return manifest.parse(JSON.parse(readFileSync(path, "utf8"))).version;
  };
  const { typescript } = row.program;
  const wanted = { "@pulumi/pulumi": row.pulumi, ...(typescript === undefined ? {} : { typescript }) };
  for (const [name, version] of Object.entries(wanted)) {
    const found = versionOf(name);
    if (found !== version) throw new Error(`${name} is ${found} instead of ${version}`);
  }
  versionOf("pulumi-supermemory");
  const isLinked = dirname(realpathSync(require.resolve("pulumi-supermemory/package.json"))) === join(root, "package");
  if (isLinked !== (row.layout === "workspace")) throw new Error(`the package is ${isLinked ? "" : "not "}linked`);
}

const manifest = z.object({ version: z.string() });

function compilerOf(programDir: string): string {
  const require = createRequire(join(programDir, "index.js"));
  return join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}\n${error.cause.message}` : error.message;
}
