import { ContainerPurge } from "pulumi-supermemory";

// Deletes every document under "quickstart": now, and when the stack is destroyed.
const memory = new ContainerPurge("memory", {
  containerTags: ["quickstart"],
  maxDeletions: 500,
});

export const deletedCount = memory.deletedCount;
