import { readFileSync } from "node:fs";
import type { Contest } from "../compare";
import { checked } from "../stage/provider-task";
import { type Sample, type Stage, stopProvider } from "../stage/stage";
import { inputsOf } from "./program-start";

/** The most memory that a provider took, from its start to the end of one purge by ids: of many documents, and of few. */
export function peakMemory(stage: Stage): Promise<Contest> {
  return Promise.resolve({
    ours: async () => await peakAt(stage, 1_000_000),
    peer: async () => await peakAt(stage, 10_000),
  });
}

async function peakAt(stage: Stage, documents: number): Promise<Sample> {
  const containers = { bench: documents };
  const inputs = { ...(await inputsOf(stage, "by-name")), deleteBy: "ids", maxDeletions: documents };
  return await stage.purging(containers, async () => {
    const provider = await stage.startProvider();
    try {
      await (await checked(provider, "by-name", inputs)).create(containers);
      return peakOf(provider.pid);
    } finally {
      await stopProvider(provider);
    }
  });
}

/** MiB, by the kernel's own record. @throws Error where there is no /proc */
function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, "utf8");
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kib === undefined) throw new Error("the kernel does not tell the peak of a process (VmHWM)");
  return Number(kib) / 1_024;
}
