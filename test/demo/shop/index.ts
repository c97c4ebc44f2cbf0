import * as pulumi from "@pulumi/pulumi";
import { ContainerPurge } from "pulumi-supermemory";

// One stack per pull request, one container per stack: the stack "pr-42" owns the documents under the tag "pr-42".
const memory = new ContainerPurge("memory", {
  containerTags: [pulumi.getStack()],
  maxDeletions: 1_000,
});

// The application takes its tag from the purge. Pulumi then destroys the application before it runs the purge.
const containerTag = memory.containerTags.apply((tags) => tags[0] ?? "");

export const appEnvironment = { SUPERMEMORY_CONTAINER_TAG: containerTag };
export const deletedCount = memory.deletedCount;
