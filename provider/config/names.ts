/** The names below `supermemory:` in a stack's configuration, or in the arguments of a Provider, which adds its own name. */
export const configNames = [
  "apiKey",
  "baseUrl",
  "apiVersion",
  "protectedTags",
  "allowedTags",
  "concurrency",
  "receipts",
  "allowInsecureHttp",
  "instance",
] as const;

export type Configuration = Readonly<Partial<Record<(typeof configNames)[number], unknown>>>;
