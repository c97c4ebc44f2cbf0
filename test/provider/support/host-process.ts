import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ConfigureRequest, CreateRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { within } from "../../engine/embedded/program/waits";
import { ProviderProcess } from "../../engine/embedded/provider/provider-process";
import { cleanEnvironment } from "../../engine/environment";
import { toProperties, toStruct } from "../../engine/embedded/state/values";
import { atEnd } from "./ends";
import type { Properties } from "./host-calls";

const repository = resolve(__dirname, "../../..");
const script = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd/dynamic-provider/index.js");
/** What the engine gives a provider process after the second Ctrl-C. */
const graceMs = 5_000;

/** A program's folder, with this repository as its installed package. */
export function projectFolder(): string {
  const folder = emptyFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(repository, join(folder, "node_modules/pulumi-supermemory"), "junction");
  return folder;
}

export function emptyFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "host-process-")));
  atEnd(() => {
    rmSync(folder, { recursive: true, maxRetries: 10 });
  });
  return folder;
}

/** A program's folder with a stand-in for the package, whose provider is this code. */
export function folderWithPackage(code: string): string {
  const folder = emptyFolder();
  const home = join(folder, "node_modules/pulumi-supermemory");
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{"name":"pulumi-supermemory","exports":{"./provider":"./provider.js"}}');
  writeFileSync(join(home, "provider.js"), code);
  return folder;
}

/** The SDK's own dynamic-provider server, and all that it printed. */
export async function startServer(cwd: string, engineAddress: string, env: Readonly<Record<string, string>> = {}) {
  const printed: string[] = [];
  const onLine = (stream: string, line: string): void => {
    printed.push(`${stream}: ${line}`);
  };
  const server = await ProviderProcess.start(script, engineAddress, { cwd, env: cleanEnvironment(env), onLine });
  atEnd(async () => server.stop());
  return { server, printed };
}

/** The same server, to be interrupted in the middle of a call. */
export async function startInterruptible(cwd: string, engineAddress: string) {
  const limits = { timeout: 50_000, killSignal: "SIGKILL" } as const;
  const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
  const child = spawn(process.execPath, [script, engineAddress], { cwd, env: cleanEnvironment(), stdio, ...limits });
  const exitCode = once(child, "exit").then(([code]: unknown[]) => code);
  atEnd(async () => {
    child.kill("SIGKILL");
    await exitCode;
  });
  const announced: unknown[] = await once(child.stdout, "data", { signal: AbortSignal.timeout(50_000) });
  const client = new ResourceProviderClient(`127.0.0.1:${String(announced[0]).trim()}`, credentials.createInsecure());
  atEnd(() => {
    client.close();
  });
  return {
    /** Resolves when the process is gone; 50 s after its start it is killed, and this is null. */
    exitCode,
    /** The exit code of a process that the engine gives these five seconds to end; fails when it is still there then. */
    endsInTime: async () => {
      const code = await within(graceMs, exitCode);
      if (code === undefined) throw new Error("the process is still there after 5 s: the engine would kill it");
      return code;
    },
    /** Sends a signal, and returns when the process has seen it: it answered twice since. */
    interrupt: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      for (let time = 0; time < 2; time += 1) await call((done) => client.getPluginInfo(new Empty(), done));
    },
    interruptIdle: () => void child.kill("SIGINT"),
    configure: async (config: Properties) => {
      const request = new ConfigureRequest();
      request.setArgs(toStruct(toProperties(config)));
      await call((done) => client.configure(request, done));
    },
    create: async (inputs: Properties) => {
      const request = new CreateRequest();
      request.setProperties(toStruct(toProperties(inputs)));
      return await call((done) => client.create(request, done));
    },
  };
}

/** Resolves when the condition holds; fails when that takes longer than 20 s. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const endsAt = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > endsAt) throw new Error(`20 s passed without ${what}`);
    await setTimeout(10);
  }
}

/** The error that a call ended with, in the words the CLI prints; undefined when it succeeded. */
async function call(send: (done: (error: Error | null) => void) => unknown): Promise<string | undefined> {
  return await new Promise((done) => {
    send((error) => {
      done(error?.message);
    });
  });
}
