import { execFileSync } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { builtRelease } from "../../../tools/pulumi/cache";

export interface ChosenCli {
  /** For example "v3.274.1". */
  readonly version: string;
  readonly from: "PATH" | "the cache of npm run pulumi:install";
}

/**
 * The Pulumi CLI on PATH, else the one that `npm run pulumi:install` built, whose folder then comes first on PATH, so
 * that every command of this process and its children finds the CLI and its plugins.
 *
 * @throws Error when that CLI is too old or does not start
 */
export function chooseCli(): ChosenCli | undefined {
  const own = findCli();
  if (own !== undefined) return { version: usableVersion(own, `take ${dirname(own)} off PATH`), from: "PATH" };
  const built = builtRelease();
  if (built === undefined) return undefined;
  const cli = join(built.folder, "pulumi");
  const version = usableVersion(cli, `delete ${built.folder} and run npm run pulumi:install`);
  process.env["PATH"] = `${built.folder}${delimiter}${process.env["PATH"] ?? ""}`;
  return { version, from: "the cache of npm run pulumi:install" };
}

/** "engine: pulumi v3.274.1 (PATH)", for a person who wonders what runs the scenarios. */
export function engineLine(cli: ChosenCli | undefined): string {
  if (cli === undefined) return "engine: embedded (there is no Pulumi CLI; npm run pulumi:install builds one)";
  return `engine: pulumi ${cli.version} (from ${cli.from})`;
}

/** Path of the Pulumi CLI, or undefined when PATH leads to none. */
export function findCli(): string | undefined {
  const names = process.platform === "win32" ? ["pulumi.exe", "pulumi.cmd"] : ["pulumi"];
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function usableVersion(cli: string, otherwise: string): string {
  const version = versionOf(cli, otherwise);
  if (version.localeCompare(`v${oldest}`, "en", { numeric: true }) >= 0) return version;
  throw new Error(
    `the Pulumi CLI ${cli} is ${version}; the oldest that works is v${oldest}\nupdate it, or ${otherwise}`,
  );
}

function versionOf(cli: string, otherwise: string): string {
  let said: string;
  try {
    said = execFileSync(cli, ["version"], { encoding: "utf8", timeout: 60_000, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    const [cause = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Error(`the Pulumi CLI ${cli} does not start: ${cause}\nreinstall it, or ${otherwise}`);
  }
  const version = /^v\d+\.\d+\.\d+\S*$/.exec(said.trim())?.[0];
  if (version !== undefined) return version;
  throw new Error(`the Pulumi CLI ${cli} reports no version\nreinstall it, or ${otherwise}`);
}

const manifest = z.object({ peerDependencies: z.object({ "@pulumi/pulumi": z.templateLiteral(["^", z.string()]) }) });
/** The oldest SDK that this package supports needs a CLI that is no older. */
const oldest = manifest
  .parse(JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")))
  .peerDependencies["@pulumi/pulumi"].slice(1);
