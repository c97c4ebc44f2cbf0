import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  cacheFolder,
  cacheVariable,
  cli,
  installedSdk,
  languageHost,
  type Product,
  type Release,
  releases,
} from "./cache";
import { checkGo, compile, fetchModules, type GoOptions } from "./go";
import { messageOf, Problem } from "./problem";

export interface InstallOptions extends GoOptions {
  readonly say: (line: string) => void;
}

/** What is built, and how. */
export interface Recipe extends Product {
  /** What Go builds: a package of the release, or the path of a source file. */
  readonly source: string;
  readonly executable: string;
  /** What else belongs into its folder. @throws Problem if the executable does not work */
  readonly complete?: (release: Release, folder: string) => Promise<void>;
}

const pulumi: Recipe = {
  ...cli,
  source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  executable: "pulumi",
  complete: async (release, folder) => {
    await addPlugins(folder);
    check(release, folder);
  },
};

/**
 * Builds the newest CLI that the module proxy serves, or another product of its modules, unless it is built. What is half
 * built is in a folder of its own until it is complete, so that nobody ever finds a part of it.
 *
 * @returns its folder
 * @throws Problem
 */
export async function install(options: InstallOptions, recipe = pulumi): Promise<string> {
  const { env, say } = options;
  const startedAt = performance.now();
  const cache = cacheFolder(env);
  let refusal: unknown;
  for (const release of releases(cache, recipe)) {
    try {
      const isBuilt = existsSync(release.folder);
      if (!isBuilt) await build(release, recipe, cache, options);
      const what = `${recipe.name} ${release.version} is ${isBuilt ? "already " : ""}in ${release.folder}`;
      say(`${what} (${seconds(startedAt)})`);
      return release.folder;
    } catch (error) {
      if (!(error instanceof Problem) || error.proxy !== "refused") throw error;
      refusal ??= error;
      say(`the Go module proxy does not serve ${recipe.name} ${release.version}`);
    }
  }
  throw refusal;
}

async function build(release: Release, recipe: Recipe, cache: string, options: InstallOptions): Promise<void> {
  const { say } = options;
  if (process.platform === "win32") {
    throw new Problem(`${recipe.name} cannot be built on Windows\nfor the scenarios, install a released Pulumi CLI`);
  }
  await checkGo(release, options);
  say(`building ${recipe.name} ${release.version} from its Go module; the first time takes some minutes`);
  const folder = openFolder(cache);
  try {
    await timed("fetched its modules", say, () => fetchModules(release, recipe, options));
    await timed("compiled it", say, () => compile(release, recipe, join(folder, recipe.executable), options));
    await recipe.complete?.(release, folder);
    publish(folder, release.folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Named for this process, so that what a killed one left can be told from what is being built. */
const ownPrefix = `.build-${hostname()}-`;

function openFolder(cache: string): string {
  try {
    mkdirSync(cache, { recursive: true });
    for (const name of readdirSync(cache).filter(isLeftOver)) rmSync(join(cache, name), { recursive: true });
    return mkdtempSync(join(cache, `${ownPrefix}${process.pid}-`));
  } catch (error) {
    throw new Problem(
      `cannot write to the cache ${cache}: ${messageOf(error)}\nset ${cacheVariable} to another folder`,
    );
  }
}

function isLeftOver(name: string): boolean {
  if (!name.startsWith(ownPrefix)) return false;
  const builder = Number.parseInt(name.slice(ownPrefix.length), 10);
  try {
    process.kill(builder, 0);
    return false;
  } catch {
    return true;
  }
}

/** The language host for Node, and the SDK's provider of dynamic resources; the CLI finds them in its own folder. */
async function addPlugins(folder: string): Promise<void> {
  const { build: bundle } = await import("esbuild");
  const host = join(folder, "pulumi-language-nodejs");
  await bundle({
    entryPoints: [languageHost],
    outfile: host,
    bundle: true,
    platform: "node",
    target: "node20.18",
    banner: { js: "#!/usr/bin/env node" },
    logLevel: "error",
  });
  const provider = join(folder, "pulumi-resource-pulumi-nodejs");
  copyFileSync(join(installedSdk().folder, "pulumi-resource-pulumi-nodejs"), provider);
  for (const file of [host, provider]) chmodSync(file, 0o755);
}

function check({ version }: Release, folder: string): void {
  const said = execFileSync(join(folder, "pulumi"), ["version"], { encoding: "utf8", timeout: 60_000 }).trim();
  if (said !== version) throw new Problem(`the CLI that was built is ${said}, not ${version}\nreport this as a bug`);
}

/** When another process was faster, its CLI is as good. */
function publish(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

async function timed(what: string, say: (line: string) => void, run: () => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  await run();
  say(`${what} (${seconds(startedAt)})`);
}

function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
