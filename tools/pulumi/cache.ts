import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Overrides the folder that holds the built CLIs. */
export const cacheVariable = "PULUMI_SUPERMEMORY_CACHE";

/** A version of the CLI that has a go.mod here. */
export interface Release {
  /** For example "v3.274.1". */
  readonly version: string;
  /** Folder of its go.mod and go.sum. */
  readonly module: string;
  /** Where the CLI and its plugins are once they are built; this folder never holds a part of them. */
  readonly folder: string;
}

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env[cacheVariable] ?? "";
  if (own !== "") return own;
  const { XDG_CACHE_HOME: shared = "" } = env;
  return join(shared === "" ? join(homedir(), ".cache") : shared, "pulumi-supermemory", "pulumi");
}

/** Newest first. The older ones are for a module proxy that does not serve the newest. */
export function releases(cache = cacheFolder()): readonly Release[] {
  const versions = readdirSync(__dirname).filter((name) => /^v\d/.test(name));
  return versions.sort(newestFirst).map((version) => {
    const module = join(__dirname, version);
    return { version, module, folder: join(cache, `${version}-${fingerprint(module)}`) };
  });
}

/** The newest CLI that is built. */
export function builtRelease(cache = cacheFolder()): Release | undefined {
  return releases(cache).find(({ folder }) => existsSync(folder));
}

export const languageHost = join(__dirname, "language-host.ts");

/** The installed SDK, whose provider of dynamic resources goes beside the CLI. */
export function installedSdk(): { readonly folder: string; readonly version: string } {
  const path = createRequire(__filename).resolve("@pulumi/pulumi/package.json");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8")));
  return { folder: dirname(path), version };
}

/** Checkouts share the cache, so that the name of a folder changes with all that makes what is in it. */
function fingerprint(module: string): string {
  const hash = createHash("sha256").update(installedSdk().version);
  for (const file of [join(module, "go.mod"), join(module, "go.sum"), languageHost]) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 8);
}

function newestFirst(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}
