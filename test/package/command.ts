import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the command and its children. */
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
  const child = spawn(executable, args, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const late = AbortSignal.timeout(limitMs);
  const limit = AbortSignal.any([late, ...(stop === undefined ? [] : [stop])]);
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

/** The last lines of an output. */
export function tailOf(output: string): string {
  return output.trimEnd().split("\n").slice(-tailLines).join("\n");
}
