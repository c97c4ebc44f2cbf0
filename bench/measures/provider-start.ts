import type { Properties } from "../../test/engine/embedded/state/values";
import type { Contest } from "../compare";
import { checked, type ProviderTask } from "../stage/provider-task";
import { type Program, type Sample, type Stage, stopProvider } from "../stage/stage";
import { inputsOf } from "./program-start";

const containers = { bench: 12 };

/** The time from the start of a provider process until it responded to Configure, Check and Create of one resource. */
export async function providerStart(stage: Stage): Promise<Contest> {
  const inputs = { "by-name": await inputsOf(stage, "by-name"), naive: await inputsOf(stage, "naive") };
  return {
    sameRequests: true,
    ours: async () => await firstCreate(stage, "by-name", inputs["by-name"]),
    peer: async () => await firstCreate(stage, "naive", inputs.naive),
  };
}

async function firstCreate(stage: Stage, program: Program, inputs: Properties): Promise<Sample> {
  return await stage.purging(containers, async () => {
    const startedAt = performance.now();
    const provider = await stage.startProvider();
    try {
      const task: ProviderTask = await checked(provider, program, inputs);
      await task.create(containers);
      return performance.now() - startedAt;
    } finally {
      await stopProvider(provider);
    }
  });
}
