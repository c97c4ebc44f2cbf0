/**
 * Runs the program that is named as its argument, with the SDK loaded before, and prints how long it took from its first
 * line until its resource was sent to the engine, and what was sent. The SDK's mocks stand for an engine that answers at
 * once.
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
