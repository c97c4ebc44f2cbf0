import { join } from "node:path";
import { z } from "zod";
import type { Contest } from "../compare";
import type { Sample, Stage } from "../stage/stage";
import { Worker } from "../stage/worker";
import { inputsOf } from "./program-start";

/** Requests of one purge in flight: the package's default. */
const concurrency = 8;

/** One tag with 5,000 documents, against undici alone. */
export async function oneTag(stage: Stage): Promise<Contest> {
  return await againstUndici(stage, { "bench-0": 5_000 });
}

/** A hundred tags in one resource, against undici alone. */
export async function manyTags(stage: Stage): Promise<Contest> {
  return await againstUndici(stage, Object.fromEntries(Array.from({ length: 100 }, (_, tag) => [`bench-${tag}`, 10])));
}

/** 10,000 documents by their ids, against a loop over the official client. */
export async function byIds(stage: Stage): Promise<Contest> {
  const containers = { "bench-0": 10_000 };
  const contest = await against(stage, containers, { deleteBy: "ids" }, "official.ts", { containerTag: "bench-0" });
  return { ...contest, sameRequests: false };
}

async function againstUndici(stage: Stage, containers: Readonly<Record<string, number>>): Promise<Contest> {
  return await against(stage, containers, {}, "undici.ts", { containerTags: Object.keys(containers), concurrency });
}

/**
 * Create of one resource in a process that has created one before, and the same purge in a process of the peer. Each
 * process measures its own time, so that the call from this process does not count.
 */
async function against(
  stage: Stage,
  containers: Readonly<Record<string, number>>,
  args: Readonly<Record<string, string>>,
  peerFile: string,
  task: Readonly<Record<string, unknown>>,
): Promise<Contest> {
  const { apiKey, url } = stage;
  const inputs = { ...(await inputsOf(stage, "by-name")), ...args, containerTags: Object.keys(containers) };
  const planned = Object.values(containers).reduce((sum, documents) => sum + documents, 0);
  const own = new Worker(join(peers, "package.ts"), [stage.engineAddress]);
  const peer = new Worker(join(peers, peerFile));
  return {
    sameRequests: true,
    ours: async (): Promise<Sample> =>
      await stage.purging(containers, async () => {
        const { deletedCount, ms } = created.parse(await own.call({ inputs, apiKey, url }));
        if (deletedCount !== planned) throw new Error(`deletedCount is ${deletedCount} instead of ${planned}`);
        return ms;
      }),
    peer: async (): Promise<Sample> =>
      await stage.purging(containers, async () => z.number().parse(await peer.call({ ...task, apiKey, url }))),
    close: async () => {
      await own.stop();
      await peer.stop();
    },
  };
}

const peers = join(__dirname, "..", "peers");

const created = z.object({ ms: z.number(), deletedCount: z.number() });
