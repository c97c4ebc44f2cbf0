import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Encryption } from "./encryption";
import { resourceSchema, type ResourceState } from "./resource-state";
import { mapProperties } from "./values";

/** The state of a stack, in a JSON file with the layout of the real engine's checkpoint (deployment version 3). */
export class StateFile {
  readonly path: string;
  #encryption: Encryption | undefined;

  constructor(
    stateDir: string,
    private readonly project: string,
    private readonly stack: string,
    private readonly passphrase: string,
  ) {
    this.path = join(stateDir, ".pulumi", "stacks", project, `${stack}.json`);
  }

  read(): readonly ResourceState[] {
    const text = this.text();
    if (text === undefined) return [];
    const { secrets_providers, resources } = fileSchema.parse(JSON.parse(text)).checkpoint.latest;
    const encryption = new Encryption(this.passphrase, secrets_providers.state.salt);
    this.#encryption = encryption;
    return resources.map((resource) => withProperties(resource, (value) => encryption.open(value)));
  }

  write(resources: readonly ResourceState[]): void {
    const encryption = (this.#encryption ??= new Encryption(this.passphrase));
    const latest = {
      manifest: { version: "embedded" },
      secrets_providers: { type: "passphrase", state: { salt: encryption.salt } },
      resources: resources.map((resource) => withProperties(resource, (value) => encryption.seal(value))),
    };
    const file = { version: 3, checkpoint: { stack: `organization/${this.project}/${this.stack}`, latest } };
    mkdirSync(dirname(this.path), { recursive: true });
    const next = `${this.path}.next`;
    writeFileSync(next, JSON.stringify(file, undefined, 4));
    renameSync(next, this.path);
  }

  text(): string | undefined {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : undefined;
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}

type Change = Parameters<typeof mapProperties>[1];

function withProperties(resource: ResourceState, change: Change): ResourceState {
  const inputs = mapProperties(resource.inputs, change);
  const outputs = mapProperties(resource.outputs, change);
  const trigger = resource.replacementTrigger;
  const replacementTrigger = trigger === undefined ? undefined : change(trigger, "replacementTrigger");
  return { ...resource, inputs, outputs, ...(replacementTrigger === undefined ? {} : { replacementTrigger }) };
}

const fileSchema = z.object({
  version: z.literal(3),
  checkpoint: z.object({
    latest: z.object({
      secrets_providers: z.object({ state: z.object({ salt: z.string() }) }),
      resources: z.array(resourceSchema),
    }),
  }),
});
