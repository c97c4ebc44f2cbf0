import * as pulumi from "@pulumi/pulumi";
import { ContainerPurge } from "pulumi-supermemory";

// One stack per pull request, one container per stack: stack "pr-42" keeps its memories under the tag "pr-42".
const memory = new ContainerPurge("memory", {
  containerTags: [pulumi.getStack()],
  maxDeletions: 1_000,
});

// Whatever writes takes its tag from the purge. So on destroy the writers go first, and the purge last.
const containerTag = memory.containerTags.apply((tags) => tags[0] ?? "");

export const appEnvironment = { SUPERMEMORY_CONTAINER_TAG: containerTag };
export const deletedCount = memory.deletedCount;
