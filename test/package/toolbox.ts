import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { installEnvironment, run } from "./command";
import type { Installer } from "./matrix";
import { versions } from "./versions";

/** Package managers, Bun and versions of Node, installed from npm into folders of this run. */
export interface Toolbox {
  /** @throws UnavailableError when the registry has no such Node for this machine */
  node(version: string): Promise<string>;
  /** @throws UnavailableError */
  bun(): Promise<string>;
  /**
   * The command that installs the dependencies of the working directory without running install scripts.
   *
   * @throws UnavailableError
   */
  install(installer: Installer, node: string): Promise<readonly string[]>;
  readonly caches: string;
}

/** A tool is not available on this machine, so a row that needs it is not run. */
export class UnavailableError extends Error {}

export function openToolbox(folder: string, stop: AbortSignal): Toolbox {
  const caches = join(folder, "caches");
  const installed = new Map<string, Promise<void>>();
  const get = async (name: string, version: string): Promise<string> => {
    const key = `${name}@${version}`;
    const place = join(folder, key.replace(/[/@]/g, "_"));
    const known = installed.get(key) ?? install(place, key, stop);
    installed.set(key, known);
    await known;
    return join(place, "node_modules", name);
  };
  const tool = (name: keyof typeof versions.tools): Promise<string> => get(name, versions.tools[name]);
  return {
    caches,
    node: async (version) => join(await get("node", version), "bin", executable("node")),
    bun: async () => join(await tool("bun"), "bin", "bun.exe"),
    install: async (installer, node) => {
      const npm = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
      const yarn1 = ["install", "--ignore-scripts", "--non-interactive", "--no-lockfile"];
      switch (installer) {
        case "npm":
          return [node, join(await tool("npm"), "bin/npm-cli.js"), ...npm];
        case "npm --legacy-peer-deps":
          return [node, join(await tool("npm"), "bin/npm-cli.js"), ...npm, "--legacy-peer-deps"];
        case "pnpm": {
          const store = ["--store-dir", join(caches, "pnpm")];
          return [join(await tool("pnpm"), executable("pnpm")), "install", "--ignore-scripts", ...store];
        }
        case "yarn 1":
          return [node, join(await tool("yarn"), "bin/yarn.js"), ...yarn1];
        case "yarn 4":
          return [node, join(await tool("@yarnpkg/cli-dist"), "bin/yarn.js"), "install", "--mode=skip-build"];
        case "bun":
          return [join(await tool("bun"), "bin", "bun.exe"), "install", "--ignore-scripts"];
      }
    },
  };
}

async function install(folder: string, what: string, stop: AbortSignal): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true }));
  // With install scripts: those of node, pnpm and bun install the binary for this machine.
  const npm = ["npm", "install", what, "--no-audit", "--no-fund"];
  const env = installEnvironment(folder, dirname(process.execPath));
  try {
    await run(npm, { cwd: folder, env, stop });
  } catch (error) {
    throw new UnavailableError(`${what} could not be installed`, { cause: error });
  }
}

function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}
