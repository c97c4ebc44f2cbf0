import { ContainerPurge } from "pulumi-supermemory";

// Deletes every document under "quickstart" when the stack is created and when it is destroyed.
const memory = new ContainerPurge("memory", {
  containerTags: ["quickstart"],
  maxDeletions: 500,
});

export const deletedCount = memory.deletedCount;
