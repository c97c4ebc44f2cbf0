import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";

/** Runs the example's application in a process of its own, as an environment would, and returns what it says. */
export async function runApplication(
  project: string,
  containerTag: string,
  documents: number,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const tsx = createRequire(__filename).resolve("tsx/cli");
  const args = [tsx, join(project, "app.ts"), containerTag, String(documents)];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  return stdout.trim();
}
