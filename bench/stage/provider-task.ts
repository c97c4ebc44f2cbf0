import type { ProviderProcess } from "../../test/engine/embedded/provider/provider-process";
import type { Properties } from "../../test/engine/embedded/state/values";
import { type Program, urnOf } from "./stage";

/** A resource with inputs that a provider has checked. */
export interface ProviderTask {
  /** Creates it, which purges. @throws Error when the output deletedCount is not what the containers hold */
  create(containers: Readonly<Record<string, number>>): Promise<void>;
}

/** Configures a provider that was just started, and checks the inputs of one resource. */
export async function checked(provider: ProviderProcess, program: Program, inputs: Properties): Promise<ProviderTask> {
  const urn = urnOf(types[program], "memory");
  await provider.configure({});
  const checkedInputs = await provider.check(urn, {}, inputs);
  if (checkedInputs.failures.length > 0) throw new Error(JSON.stringify(checkedInputs.failures));
  return {
    create: async (containers) => {
      const { outputs } = await provider.create(urn, checkedInputs.inputs);
      const held = Object.values(containers).reduce((sum, documents) => sum + documents, 0);
      const { deletedCount } = outputs;
      if (deletedCount !== held) throw new Error(`deletedCount is ${JSON.stringify(deletedCount)} instead of ${held}`);
    },
  };
}

const types: Readonly<Record<Program, string>> = {
  "by-name": "pulumi-nodejs:dynamic/supermemory:ContainerPurge",
  naive: "pulumi-nodejs:dynamic:Resource",
};
