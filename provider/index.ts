export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent } from "./container-purge";
