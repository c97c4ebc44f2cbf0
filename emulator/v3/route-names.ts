/** The routes of the emulator by name, for fault rules and the request log. */
export const ROUTE_NAMES = [
  "documents.add",
  "documents.batchAdd",
  "documents.get",
  "documents.update",
  "documents.delete",
  "documents.list",
  "documents.deleteBulk",
  "documents.listProcessing",
  "containerTags.list",
  "containerTags.get",
  "containerTags.update",
  "containerTags.delete",
  "session.get",
] as const;

export type RouteName = (typeof ROUTE_NAMES)[number];
