/** The routes of the emulator by name, for fault rules and the request log. */
export const ROUTE_NAMES = [
  "documents.add",
  "documents.batchAdd",
  "documents.uploadFile",
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
  "containerTags.merge",
  "containerTags.getMerge",
  "session.get",
] as const;

export type RouteName = (typeof ROUTE_NAMES)[number];
