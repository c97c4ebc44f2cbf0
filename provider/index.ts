export { Provider, type ProviderArgs } from "./provider";
export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent } from "./container-purge";
