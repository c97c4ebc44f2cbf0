import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { storable } from "./host-calls";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface ProgramSurroundings {
  readonly isPreview?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly project?: string;
  readonly stack?: string;
}

export async function runProgram<T>(
  program: () => T,
  { isPreview = false, outputs = {}, project = "shop", stack = "dev" }: ProgramSurroundings = {},
): Promise<{ readonly result: T; readonly registered: readonly Registered[] }> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs, name, type }: MockResourceArgs) => {
        const properties = storable(inputs);
        registered.push({ type, name, inputs: properties });
        return { id: `${name}-id`, state: { ...properties, ...outputs } };
      },
      call: () => ({}),
    },
    project,
    stack,
    isPreview,
  );
  const result = program();
  await pulumi.runtime.disconnect();
  return { result, registered };
}

export async function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return await new Promise((resolve) => {
    output.apply(resolve);
  });
}
