import { join } from "node:path";

/** What processes are started with: the CLI finds `node` and `bun` on PATH. */
export interface Runtimes {
  /** An executable and its first arguments. Providers run on it in any case, as with the CLI. */
  readonly node: readonly [string, ...string[]];
  /** For programs of the runtime bun, which are refused without it. */
  readonly bun?: string;
}

/** Programs and providers run on the Node of this process, with compiled code that is kept. */
export const ownRuntimes: Runtimes = {
  node: [process.execPath, "--require", join(__dirname, "compile-cache.cjs")],
};
