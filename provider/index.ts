export { CleanupPolicy, type CleanupPolicyArgs } from "./cleanup-policy/resource";
export type { PlannedContainer } from "./cleanup-policy/plan";
export { Provider, type ProviderArgs } from "./explicit-provider/resource";
export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent, type Selection } from "./container-purge/resource";
export { EphemeralContainer, type EphemeralContainerArgs } from "./ephemeral-container/resource";
