import { EphemeralContainer } from "pulumi-supermemory";

// The environment of one test run: the stack "run-1a2b3c" has the container "assistant-tests:run-1a2b3c".
const memory = new EphemeralContainer("memory", { maxDeletions: 500 });

export const containerTag = memory.containerTag;
