import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { repository } from "./blocks";

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(repository, "package.json"), "utf8")));

export const scriptNames: readonly string[] = Object.keys(scripts);

/**
 * Commands that no harness runs: those of a clone, npm's, and those that change the state by hand. The last were tried on
 * the real CLI 3.260.
 */
const known: readonly RegExp[] = [
  /^npm (ci|test|install pulumi-supermemory)$/,
  /^(npx jest test\/provider\/purge|bash \.ci\/run)$/,
  /^pulumi config set --secret supermemory:apiKey <key>$/,
  /^export SUPERMEMORY_CUSTOM_HEADERS="X-Gateway-Key: \$GATEWAY_KEY"$/,
  /^pulumi (destroy|cancel|refresh --clear-pending-creates|state delete '<urn>')$/,
];

export function unknownCommand(command: string): boolean {
  const script = /^npm run (\S+)/.exec(command)?.[1];
  if (script !== undefined) return !scriptNames.includes(script);
  return !known.some((pattern) => pattern.test(command));
}
