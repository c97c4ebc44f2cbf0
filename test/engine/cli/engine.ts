import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { ownRuntimes } from "../embedded/program/child-process";
import { cleanEnvironment } from "../environment";
import { fileBackend } from "../file-backend";
import { type Engine, type StackOptions } from "../types";
import { CliStack } from "./stack";

/** The real Pulumi CLI on a file backend, each stack with a PULUMI_HOME of its own. */
export const cliEngine: Engine = {
  name: "cli",
  open: openStack,
};

/** Programs and providers keep compiled code as on the embedded engine, which saves a quarter of a command's time. */
const [, ...nodeOptions] = ownRuntimes.node;

let command: Promise<PulumiCommand> | undefined;

async function openStack(options: StackOptions): Promise<CliStack> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), "pulumi-home-"));
  mkdirSync(options.stateDir, { recursive: true });
  const variables = {
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: fileBackend(options.stateDir),
    PULUMI_CONFIG_PASSPHRASE: "engine harness",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NODE_OPTIONS: nodeOptions.map((option) => JSON.stringify(option)).join(" "),
  };
  const workspace = await LocalWorkspace.create({
    workDir: options.projectDir,
    pulumiHome: home,
    pulumiCommand: await (command ??= PulumiCommand.get({ skipVersionCheck: true })),
    envVars: variables,
  });
  await workspace.createStack(options.stack);
  const { name } = await workspace.projectSettings();
  const env = { ...cleanEnvironment(options.env), ...variables };
  const stack = new CliStack({ options, workspace, project: name, home, env });
  await stack.setAllConfig(options.config ?? {});
  return stack;
}
