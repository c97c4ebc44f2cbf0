import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { checkInstall } from "./check-install";
import { run } from "./command";
import { installEnvironment } from "./environment";
import { doJob } from "./job";
import type { Row } from "./matrix";
import { writeProject } from "./project";
import { UnavailableError, type Toolbox } from "./toolbox";

/** The result of a row. `why` of a failure begins with the failed step. */
export type Outcome =
  | { readonly result: "ran" }
  | { readonly result: "failed"; readonly why: string }
  | { readonly result: "not run"; readonly why: string };

/** Runs a row in a new folder, and removes the folder. */
export async function runRow(row: Row, folder: string, context: Context): Promise<Outcome> {
  let step = "tools";
  const begin = (next: string) => {
    step = next;
    context.onStep(next);
  };
  mkdirSync(folder);
  try {
    begin("tools");
    const { toolbox, tarball, stop } = context;
    const node = await toolbox.node(row.node);
    const bun = row.program.runtime === "bun" ? { bun: await toolbox.bun() } : {};
    const installation = await toolbox.install(row.installer, node);
    const env = installEnvironment(toolbox.caches, dirname(node));
    begin("install");
    const project = await writeProject(row, folder, tarball);
    await run(installation, { cwd: project.root, env, stop });
    checkInstall(row, project);
    begin("exports");
    const { programDir } = project;
    await run([bun.bun ?? node, "exports.mjs"], { cwd: programDir, env, stop });
    if (row.program.typescript !== undefined) {
      begin("types");
      await run([node, compilerOf(programDir), "-p", "."], { cwd: programDir, env, stop });
    }
    begin("create and delete");
    await doJob(row, programDir, { runtimes: { node, ...bun }, stop });
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
  /** Ends the running command. */
  readonly stop: AbortSignal;
  readonly onStep: (step: string) => void;
}

function compilerOf(programDir: string): string {
  const require = createRequire(join(programDir, "index.js"));
  return join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}\n${error.cause.message}` : error.message;
}
