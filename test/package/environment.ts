import { delimiter, join } from "node:path";

/** What npm and test runners set for their scripts; the CI of a project is not that of this repository. */
const own = /^(npm_.*|node|node_(options|path|env)|init_cwd|ci)$/i;
const network = /^npm_config_(registry|.*proxy|cafile)$/i;

/**
 * The environment of package managers: that of a user, whose Node is the row's, with caches of this run alone (the
 * tarball of an earlier build has the same name), and nothing of the npm that runs this script.
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
