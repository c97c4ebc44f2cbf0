import { ContainerPurge } from "pulumi-supermemory";

export const purge = new ContainerPurge("memory", { containerTags: ["bench"] });
