export { Provider, type ProviderArgs } from "./provider";
export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent, type Selection } from "./container-purge";
export { EphemeralContainer, type EphemeralContainerArgs } from "./ephemeral-container";
