import { readFileSync } from "node:fs";
import type { Contest } from "../compare";
import { checked } from "../stage/provider-task";
import { type Sample, type Stage, stopProvider } from "../stage/stage";
import { inputsOf } from "./program-start";

/** The peak memory of a provider process over one purge by ids: with many documents, and with few for comparison. */
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

/** MiB, as the kernel records it. @throws Error on a system without /proc */
function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, "utf8");
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kib === undefined) throw new Error("the kernel does not report the peak memory of a process (VmHWM)");
  return Number(kib) / 1_024;
}
