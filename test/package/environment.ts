import { delimiter, join } from "node:path";

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
