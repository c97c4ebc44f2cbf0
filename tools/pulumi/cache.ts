import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Overrides the folder that holds what is built. */
export const cacheVariable = "PULUMI_SUPERMEMORY_CACHE";

/** A version of the CLI that has a go.mod here. */
export interface Release {
  /** For example "v3.274.1". */
  readonly version: string;
  /** Folder of its go.mod and go.sum. */
  readonly module: string;
  /** Where the product is once it is built; this folder never holds a part of it. */
  readonly folder: string;
}

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env[cacheVariable] ?? "";
  if (own !== "") return own;
  const { XDG_CACHE_HOME: shared = "" } = env;
  return join(shared === "" ? join(homedir(), ".cache") : shared, "pulumi-supermemory", "pulumi");
}

/** What can be built from the modules of a release. */
export interface Product {
  /** In messages, before the version. */
  readonly name: string;
  /** The name of its folder begins with it, and continues with the version. */
  readonly prefix: string;
  /** Everything that it is made of, from the folder of the release's go.mod. */
  readonly ingredients: (module: string) => readonly (string | Buffer)[];
}

/** The Pulumi CLI with its plugins. */
export const cli: Product = {
  name: "pulumi",
  prefix: "",
  ingredients: (module) => [installedSdk().version, ...modulesIn(module), readFileSync(languageHost)],
};

/** Newest first. The older ones are for a module proxy that does not serve the newest. */
export function releases(cache = cacheFolder(), product = cli): readonly Release[] {
  const versions = readdirSync(__dirname).filter((name) => /^v\d/.test(name));
  return versions.sort(newestFirst).map((version) => {
    const module = join(__dirname, version);
    const folder = join(cache, `${product.prefix}${version}-${fingerprint(module, product)}`);
    return { version, module, folder };
  });
}

/** The newest release for which the product is built. */
export function builtRelease(cache = cacheFolder(), product = cli): Release | undefined {
  return releases(cache, product).find(({ folder }) => existsSync(folder));
}

export const languageHost = join(__dirname, "language-host.ts");

/** The installed SDK, whose provider of dynamic resources goes beside the CLI. */
export function installedSdk(): { readonly folder: string; readonly version: string } {
  const path = createRequire(__filename).resolve("@pulumi/pulumi/package.json");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, "utf8")));
  return { folder: dirname(path), version };
}

/** Checkouts share the cache, so that the name of a folder changes with all that makes what is in it. */
function fingerprint(module: string, { ingredients }: Product): string {
  const hash = createHash("sha256");
  for (const ingredient of ingredients(module)) hash.update(ingredient);
  return hash.digest("hex").slice(0, 8);
}

/** The pinned versions and checksums of all modules. */
export function modulesIn(module: string): readonly Buffer[] {
  return ["go.mod", "go.sum"].map((file) => readFileSync(join(module, file)));
}

function newestFirst(one: string, other: string): number {
  return other.localeCompare(one, "en", { numeric: true });
}
