import { z } from "zod";

/** The state of a stack, deployment version 3, with secrets as plain values. */
export type Deployment = z.infer<typeof deploymentSchema>;
export type DeploymentResource = Deployment["deployment"]["resources"][number];

const secretSchema = z.object({
  "4dabf18193072939515e22adb298388d": z.literal("1b47061264138c4ac30d75fd1eb44270"),
  plaintext: z.string(),
});

function opened(value: unknown): unknown {
  const secret = secretSchema.safeParse(value);
  if (secret.success) return opened(JSON.parse(secret.data.plaintext));
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}

const properties = z.record(z.string(), z.unknown().transform(opened)).readonly().default({});
const texts = z.array(z.string()).readonly();

const resource = z
  .object({
    ...{ urn: z.string(), type: z.string(), custom: z.boolean(), inputs: properties, outputs: properties },
    ...{ id: z.string().optional(), parent: z.string().optional(), provider: z.string().optional() },
    ...{ initErrors: texts.optional(), dependencies: texts.optional() },
    propertyDependencies: z
      .record(
        z.string(),
        texts.nullable().transform((urns) => urns ?? []),
      )
      .readonly()
      .optional(),
  })
  .readonly();

export const deploymentSchema = z.object({
  version: z.literal(3),
  deployment: z.object({ resources: z.array(resource).readonly().default([]) }),
});
