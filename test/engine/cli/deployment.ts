import { z } from "zod";
import { type Deployment } from "../types";

/** Takes over what `pulumi stack export --show-secrets` says, with secrets as plain values. */
export function parseDeployment(exported: unknown): Deployment {
  return schema.parse(exported);
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const secretSchema = z.object({ [signature]: z.literal(secretSignature), plaintext: z.string() });

function opened(value: unknown): unknown {
  const secret = secretSchema.safeParse(value);
  if (secret.success) return opened(JSON.parse(secret.data.plaintext));
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
}

const properties = z.record(z.string(), z.unknown().transform(opened)).default({});

const schema = z.object({
  version: z.literal(3),
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          custom: z.boolean(),
          id: z.string().optional(),
          inputs: properties,
          outputs: properties,
          parent: z.string().optional(),
          provider: z.string().optional(),
          delete: z.boolean().optional(),
          pendingReplacement: z.boolean().optional(),
          initErrors: z.array(z.string()).optional(),
          dependencies: z.array(z.string()).optional(),
          propertyDependencies: z
            .record(
              z.string(),
              z
                .array(z.string())
                .nullable()
                .transform((urns) => urns ?? []),
            )
            .optional(),
        }),
      )
      .default([]),
  }),
});
