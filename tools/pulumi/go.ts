import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Release } from "./cache";
import { Problem } from "./problem";

export interface GoOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Ends Go when the installation is interrupted. */
  readonly signal: AbortSignal;
  /** How long the module proxy may send nothing. @default 3 minutes */
  readonly silenceMs?: number;
}

/** What Go builds: a package of the release, or the path of a source file that imports some. */
export interface Target {
  readonly source: string;
  /** In messages, before the version. */
  readonly name: string;
}

const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** @throws Problem when there is no Go, or an older one than go.mod names */
export async function checkGo({ module, version }: Release, { env, signal }: GoOptions): Promise<void> {
  const needed = /^go (\S+)$/m.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1] ?? "";
  // Outside of a module, where each Go says its own version.
  const { code, output, stdout } = await go(["env", "GOVERSION"], { env, signal, cwd: tmpdir() });
  if (code !== 0) throw new Problem(`go env failed: ${causeIn(output)}\nreinstall Go`);
  const own = stdout.trim().replace(/^go/, "");
  if (own.localeCompare(needed, "en", { numeric: true }) >= 0) return;
  throw new Problem(`Go ${own} is too old to build pulumi ${version}\ninstall Go ${needed} or newer from go.dev/dl`);
}

/** Downloads the modules that the CLI is built of; what is in Go's own cache is not asked for again. */
export async function fetchModules(release: Release, { source }: Target, options: GoOptions): Promise<void> {
  const { env, signal, silenceMs = 180_000 } = options;
  const proxies = await moduleProxies(options);
  const args = ["list", "-mod=readonly", "-deps", source];
  const run = await go(args, { env: { ...env, GOPROXY: proxies }, signal, silenceMs, cwd: release.module });
  if (run.code === 0) return;
  const modules = `the modules of pulumi ${release.version}`;
  if (run.wasSilent) {
    throw new Problem(`the Go module proxy did not answer for ${silenceMs / 1000} s\n${tryAgain}`, "silent");
  }
  const cause = causeIn(run.output);
  switch (proxyFailure(run.output)) {
    case "refused":
      throw new Problem(`the Go module proxy refused ${modules}: ${cause}\n${tryAgain}`, "refused");
    case "silent":
      throw new Problem(`the Go module proxy did not answer: ${cause}\n${tryAgain}`, "silent");
    case undefined:
      throw new Problem(`could not fetch ${modules}: ${cause}\nfix the cause, then run the same command again`);
  }
}

/** Needs no network: all modules are there. */
export async function compile(
  { module, version }: Release,
  { name, source }: Target,
  output: string,
  options: GoOptions,
): Promise<void> {
  const { env, signal } = options;
  const flags = `-s -w -X ${versionVariable}=${version}`;
  const args = ["build", "-mod=readonly", "-ldflags", flags, "-o", output, source];
  const run = await go(args, { env: { ...env, GOPROXY: "off" }, signal, cwd: module });
  if (run.code === 0) return;
  process.stderr.write(run.output);
  throw new Problem(`go build of ${name} ${version} failed: ${causeIn(run.output)}\nsee Go's messages above`);
}

const tryAgain = "check the network and GOPROXY, then run the same command again";

/**
 * What Go says of the proxy it asked: an HTTP status, or no answer. A checksum that differs from go.sum is neither, and
 * nor is a cache folder of Go's that is full.
 */
export function proxyFailure(output: string): "refused" | "silent" | undefined {
  if (/SECURITY ERROR|checksum mismatch/.test(output)) return undefined;
  if (/reading https?:\S+: \d{3} /.test(output)) return "refused";
  if (/(Get|Head|read) "https?:|dial tcp|read tcp|unexpected EOF|stream error|TLS handshake/.test(output))
    return "silent";
  return undefined;
}

/** The proxies without "direct", by which Go would clone what they refuse from where it is developed. */
async function moduleProxies({ env, signal }: GoOptions): Promise<string> {
  const { stdout } = await go(["env", "GOPROXY"], { env, signal, cwd: tmpdir() });
  const proxies = stdout.trim().replace(/(^|[,|])direct$/, "");
  return proxies === "" ? "direct" : proxies;
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  /** Of stderr. */
  readonly output: string;
  readonly wasSilent: boolean;
}

interface RunOptions extends GoOptions {
  readonly cwd: string;
}

/** The Go that is installed, without a toolchain that it would download, and without what belongs to another project. */
const settings = { GOTOOLCHAIN: "local", GOWORK: "off", CGO_ENABLED: "0" };

async function go(args: readonly string[], { cwd, env, signal, silenceMs }: RunOptions): Promise<Run> {
  signal.throwIfAborted();
  const child = spawn("go", args, { cwd, env: { ...env, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
  let wasSilent = false;
  const end = () => child.kill("SIGINT");
  const timer = setTimeout(
    () => {
      wasSilent = true;
      end();
    },
    silenceMs ?? 2 ** 31 - 1,
  );
  let [stdout, output] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    timer.refresh();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    timer.refresh();
  });
  signal.addEventListener("abort", end);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => {
        resolve(status ?? 1);
      });
    });
    signal.throwIfAborted();
    return { code, stdout, output, wasSilent };
  } catch (error) {
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT")
      throw new Problem(noGo);
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

const noGo =
  "there is no Go on PATH\ninstall Go from go.dev/dl (for the scenarios, a released Pulumi CLI on PATH is enough)";

/** The first line that is neither progress nor the name of a package. */
function causeIn(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => line !== "" && !/^(go: downloading|#) /.test(line)) ?? "Go gave no reason";
}
