import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { cliEngine, embeddedEngine, type Engine, findCli } from "../engine";

export interface ChosenEngine {
  readonly engine: Engine;
  /** "Pulumi CLI v3.260.0", or why it is not that. */
  readonly words: string;
}

/**
 * The Pulumi CLI when one is on PATH, else the embedded engine. With `--install-cli` a missing CLI is downloaded by the
 * Automation API's own installer into a temporary folder.
 *
 * @throws Error for an unknown argument, or when the installation fails
 */
export async function chooseEngine(args: readonly string[]): Promise<ChosenEngine> {
  const unknown = args.find((arg) => arg !== "--install-cli");
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}; allowed is --install-cli`);
  if (findCli() === undefined && args.length > 0) await installCli();
  const found = findCli();
  if (found === undefined) return { engine: embeddedEngine, words: "embedded (no Pulumi CLI found)" };
  const { version } = await PulumiCommand.get({ skipVersionCheck: true });
  return { engine: cliEngine, words: `Pulumi CLI ${version === null ? "" : `v${version.version} `}found on PATH` };
}

async function installCli(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "pulumi-cli-"));
  console.log(`installing the Pulumi CLI into ${root}`);
  try {
    await PulumiCommand.install({ root });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the Pulumi CLI could not be installed: ${reason}; without --install-cli the demo needs none`);
  }
  process.env["PATH"] = `${join(root, "bin")}${delimiter}${process.env["PATH"] ?? ""}`;
}
