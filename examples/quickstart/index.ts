import { EphemeralContainer } from "pulumi-supermemory";

// The tag is "supermemory-quickstart:<stack>". Its documents are deleted when the stack is destroyed.
const memory = new EphemeralContainer("memory", { maxDeletions: 500 });

export const containerTag = memory.containerTag;
export const deletedCount = memory.purge.deletedCount;
