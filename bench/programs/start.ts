/**
 * Loads the SDK, then runs the program that its argument names. Prints the time from the program's first line until its
 * resource was sent to the engine, and the inputs that were sent. The SDK's mocks stand for an engine that responds
 * immediately.
 */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

async function main(program: string): Promise<void> {
  let startedAt = 0;
  await pulumi.runtime.setMocks(
    {
      newResource: (resource: MockResourceArgs) => {
        const ms = performance.now() - startedAt;
        const inputs: unknown = resource.inputs;
        process.stdout.write(`${JSON.stringify({ ms, inputs })}\n`);
        return { id: resource.name, state: {} };
      },
      call: () => ({}),
    },
    "bench",
    "dev",
    false,
  );
  const load = createRequire(__filename);
  startedAt = performance.now();
  load(program);
}

void main(process.argv[2] ?? "");
