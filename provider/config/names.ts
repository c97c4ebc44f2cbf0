/** The names below `supermemory:` in a stack's configuration. A Provider has them as arguments, and adds `instance`. */
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
