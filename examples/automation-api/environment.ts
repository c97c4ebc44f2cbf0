import { randomBytes } from "node:crypto";
import { LocalWorkspace } from "@pulumi/pulumi/automation";

/** What the tests write to, for as long as they run. */
export interface Environment {
  readonly containerTag: string;
  readonly destroy: () => Promise<void>;
}

/**
 * Makes a stack of the program in this folder, under a name of its own, so that runs at the same time do not meet.
 * (An inline program would need `workDir`, too: the provider is loaded from the folder in which the stack works.)
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
