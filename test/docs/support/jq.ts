import { spawnSync } from "node:child_process";
import { blocksOf } from "./blocks";
import { commandsIn } from "./commands";
import type { Teller } from "./story";

export const hasJq = spawnSync("jq", ["--version"]).status === 0;

/** Runs each jq command of a page in a folder, and takes down its output under the name of the block that follows. */
export function runJq(page: string, teller: Teller, folder: string): void {
  const blocks = blocksOf(page);
  for (const [index, { text }] of blocks.entries()) {
    if (!text.startsWith("jq ")) continue;
    const name = blocks[index + 1]?.check?.name ?? "";
    const { status, stderr, stdout } = spawnSync("sh", ["-c", text], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    if (status !== 0) throw new Error(`${text} failed:\n${stderr}${stdout}`);
    teller.outputs.set(name, stdout);
    teller.commands.push(...commandsIn(text));
  }
}
