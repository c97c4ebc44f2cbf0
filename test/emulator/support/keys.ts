export const seed = { containers: { "pr-42": 3, production: 2 } };
export const apiKeys = [
  { key: "owner-key" },
  { key: "admin-key", role: "admin" },
  { key: "member-key", role: "member" },
  { key: "reader-key", canDelete: false },
  { key: "scoped-key", containerTags: ["pr-42"] },
] as const;
