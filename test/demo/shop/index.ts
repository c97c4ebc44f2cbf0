import { EphemeralContainer } from "pulumi-supermemory";

// One stack per pull request, one container per stack: the stack "pr-42" owns the documents under "shop:pr-42".
const memory = new EphemeralContainer("memory", { maxDeletions: 1_000 });

// The application takes its tag from the container. Pulumi then destroys the application before it runs the purge.
export const containerTag = memory.containerTag;
