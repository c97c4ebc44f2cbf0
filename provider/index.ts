export { CleanupPolicy, type CleanupPolicyArgs } from "./cleanup-policy";
export {
  type CleanupContainer,
  type CleanupDecision,
  type CleanupPlan,
  type CleanupRules,
  type LeftOutContainer,
  planCleanup,
  type PlannedContainer,
} from "./plan-cleanup";
export { Provider, type ProviderArgs } from "./provider";
export { ContainerPurge, type ContainerPurgeArgs, type PurgeEvent, type Selection } from "./container-purge";
export { EphemeralContainer, type EphemeralContainerArgs } from "./ephemeral-container";
