import { EphemeralContainer } from "pulumi-supermemory";

// One stack per pull request, one container per stack: stack "pr-42" keeps its memories under "shop:pr-42".
const memory = new EphemeralContainer("memory", { maxDeletions: 1_000 });

// Whatever writes takes its tag from here. On destroy the writers then go first, and the purge last.
export const containerTag = memory.containerTag;
export const deletedCount = memory.purge.deletedCount;
