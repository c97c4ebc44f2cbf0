export { type Clock, createManualClock, type ManualClock, systemClock } from "./clock";
export { createEmulator, type Emulator, type EmulatorOptions } from "./emulator";
export type { Chosen } from "./faults/chosen";
export type { ActiveFault, Fault, FaultMatch, FaultRule, Meanwhile, Moment } from "./faults/rules";
export type { Exchange, SentResponse } from "./http/exchange";
export { type ApiKey, DEFAULT_API_KEY, type Role } from "./http/keys";
export type { RecordedRequest } from "./http/request-log";
export type { Deletion, LateDeletion, LateTagging } from "./ledger";
export {
  type ContainerSeed,
  type DocumentSeed,
  type DocumentTemplate,
  type MemorySeed,
  parseSeed,
  type Seed,
} from "./seed-schema";
export type {
  DocumentStatus,
  DocumentType,
  DreamingStatus,
  Metadata,
  MetadataValue,
  StoredDocument,
} from "./store/documents";
export type { Behaviour } from "./api/behaviour";
export { API_ENDS, type ApiEnd, type ApiState, type ApiVersion } from "./api/api-version";
export type { RateLimit } from "./api/rate-limit";
export { ROUTE_NAMES, type RouteName } from "./api/route-names";
