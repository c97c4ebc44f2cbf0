import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { cleanEnvironment } from "../../engine";

export interface NodeRun {
  readonly exitCode: number;
  readonly output: string;
}

/** `node <args>` in this folder, as a user runs it. It is ended after two minutes. */
export async function runNode(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<NodeRun> {
  const signal = AbortSignal.timeout(120_000);
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const child = spawn(process.execPath, args, { cwd, env: cleanEnvironment(env), signal, stdio: [...stdio] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const [code] = (await once(child, "close")) as unknown[];
  return { exitCode: typeof code === "number" ? code : 128, output };
}

export function runTsx(...[args, cwd, env]: Parameters<typeof runNode>): Promise<NodeRun> {
  return runNode([createRequire(__filename).resolve("tsx/cli"), ...args], cwd, env);
}
