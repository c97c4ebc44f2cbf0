export { CleanupPolicy, type CleanupPolicyArgs, type PlannedContainer } from "./cleanup-policy/resource";
export { Provider, type ProviderArgs } from "./explicit-provider/resource";
export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent, type Selection } from "./container-purge/resource";
export { EphemeralContainer, type EphemeralContainerArgs } from "./ephemeral-container/resource";
