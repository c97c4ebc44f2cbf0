import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const running: ChildProcess[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NodeProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first line of its output; undefined when it ends without one. */
  readonly firstLine: Promise<string | undefined>;
}

/** Starts Node. Of this process's environment it only gets PATH. */
export function startNode(args: readonly string[], env: Readonly<Record<string, string>> = {}): NodeProcess {
  const home = temporaryFolder();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"], HOME: home, USERPROFILE: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 40_000,
  });
  running.push(child);
  let stdout = "";
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
  const firstLine = new Promise<string | undefined>((resolve) => {
    child.stdout.on("data", (text: Buffer) => {
      stdout += text.toString();
      if (stdout.includes("\n")) resolve(stdout.split("\n", 1)[0]);
    });
    child.once("close", () => {
      resolve(undefined);
    });
  });
  return { child, ended, firstLine };
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "emulator-test-"));
  folders.push(folder);
  return folder;
}
