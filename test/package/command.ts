import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stop?: AbortSignal | undefined;
}

const limitMs = 300_000;
const tailLines = 25;

/**
 * Runs a command and returns its output.
 *
 * @throws Error with the end of its output when it fails, is stopped or takes longer than five minutes
 */
export async function run(command: readonly string[], { cwd, env, stop }: CommandOptions): Promise<string> {
  stop?.throwIfAborted();
  const [executable = "", ...args] = command;
  // In its own process group, so that its children end with it.
  const child = spawn(executable, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const late = AbortSignal.timeout(limitMs);
  const limit = stop === undefined ? late : AbortSignal.any([late, stop]);
  const kill = () => {
    if (child.pid === undefined || process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  };
  limit.addEventListener("abort", kill);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  limit.removeEventListener("abort", kill);
  if (code === 0) return output;
  const why = late.aborted ? `took longer than ${limitMs / 1000} s` : `exit code ${String(code)}`;
  throw new Error(`${command.join(" ")}: ${why}\n${tailOf(output)}`);
}

export function tailOf(output: string): string {
  return output.trimEnd().split("\n").slice(-tailLines).join("\n");
}

/** Variables that npm and test runners set for their scripts. CI is about this repository, not about the project. */
const own = /^(npm_.*|node|node_(options|path|env)|init_cwd|ci)$/i;
const network = /^npm_config_(registry|.*proxy|cafile)$/i;

/**
 * The environment of package managers: a user's, with the row's Node and without the settings of the npm that runs this
 * script. The caches belong to this run, because the tarball of an earlier build has the same name.
 */
export function installEnvironment(caches: string, nodeFolder: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    const isOwn = own.test(name) && !network.test(name);
    if (value !== undefined && !isOwn) env[name] = value;
  }
  return {
    ...env,
    PATH: `${nodeFolder}${delimiter}${env["PATH"] ?? ""}`,
    YARN_CACHE_FOLDER: join(caches, "yarn"),
    YARN_GLOBAL_FOLDER: join(caches, "yarn-global"),
    YARN_ENABLE_TELEMETRY: "0",
    YARN_NODE_LINKER: "node-modules",
    BUN_INSTALL_CACHE_DIR: join(caches, "bun"),
  };
}
