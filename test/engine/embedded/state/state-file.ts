import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { seal, unseal } from "./encryption";
import { resourceSchema, type ResourceState } from "./resource-state";
import { mapProperties, type Value } from "./values";

/** The state of a stack, in a JSON file with the layout of the real engine's checkpoint (deployment version 3). */
export class StateFile {
  readonly #path: string;

  constructor(stateDir: string, project: string, stack: string) {
    this.#path = join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
  }

  read(): readonly ResourceState[] {
    const text = this.text();
    if (text === "") return [];
    return fileSchema.parse(JSON.parse(text)).checkpoint.latest.resources.map((one) => withProperties(one, unseal));
  }

  write(resources: readonly ResourceState[]): void {
    const latest = { resources: resources.map((resource) => withProperties(resource, seal)) };
    mkdirSync(dirname(this.#path), { recursive: true });
    const next = `${this.#path}.next`;
    writeFileSync(next, JSON.stringify({ version: 3, checkpoint: { latest } }, undefined, 4));
    renameSync(next, this.#path);
  }

  text(): string {
    return existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

function withProperties(resource: ResourceState, change: (value: Value) => Value): ResourceState {
  const { inputs, outputs, replacementTrigger: trigger } = resource;
  return {
    ...resource,
    inputs: mapProperties(inputs, change),
    outputs: mapProperties(outputs, change),
    replacementTrigger: trigger === undefined ? undefined : change(trigger),
  };
}

const fileSchema = z.object({
  version: z.literal(3),
  checkpoint: z.object({ latest: z.object({ resources: z.array(resourceSchema) }) }),
});
