import { randomBytes } from "node:crypto";
import { LocalWorkspace } from "@pulumi/pulumi/automation";

/** The stack of one test run, and the container that the tests write to. */
export interface Environment {
  readonly containerTag: string;
  readonly destroy: () => Promise<void>;
}

/**
 * Creates a stack of the program in this folder. Its name is unique, so that several runs can work at the same time.
 * `workDir` contains the program, so the tests can be started from any folder. For an inline program, set `main` in
 * `projectSettings` to this folder instead: `workDir` alone does not tell Pulumi where the package is installed.
 */
export async function createEnvironment(): Promise<Environment> {
  const stackName = `run-${randomBytes(3).toString("hex")}`;
  const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: __dirname });
  const destroy = async () => {
    await stack.destroy();
    await stack.workspace.removeStack(stackName);
  };
  try {
    const { outputs } = await stack.up();
    return { containerTag: String(outputs["containerTag"]?.value), destroy };
  } catch (error) {
    await destroy().catch(console.error);
    throw error;
  }
}
