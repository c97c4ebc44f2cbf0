import { join } from "node:path";
import * as z from "zod";
import { shape as policyShape } from "../../provider/cleanup-policy/args";
import { record as policyRecord } from "../../provider/cleanup-policy/state";
import { shape as purgeShape } from "../../provider/container-purge/args";
import { record as purgeRecord } from "../../provider/container-purge/state";
import { Comments } from "./comments";
import { apiVersion, configVariables, providerInputs } from "./configuration";
import type { PackageSpec, Properties, ResourceSpec } from "./spec";
import { type Members, TypeReader } from "./types";

/**
 * The package as Pulumi's SDK generators read it. It contains no version, so that a release does not change it: the plugin
 * and `npm run sdks` add the version of package.json.
 */
export function packageSchema(): PackageSpec {
  const comments = new Comments(documentedFiles);
  const reader = new TypeReader(comments);
  const purge = {
    inputs: reader.members("ContainerPurgeArgs", purgeShape),
    outputs: reader.members("ContainerPurge", { containerTag: z.string().nullable(), ...purgeRecord.shape }),
  };
  const policy = {
    inputs: reader.members("CleanupPolicyArgs", policyShape),
    outputs: reader.members("CleanupPolicy", policyRecord.shape),
  };
  return {
    ...about,
    config: { variables: configVariables(comments) },
    provider: {
      ...comments.of("Provider"),
      inputProperties: providerInputs(comments),
      requiredInputs: ["apiKey"],
    },
    types: Object.fromEntries(
      Object.entries({ ApiVersion: apiVersion, ...reader.types }).map(([name, type]) => [token(name), type]),
    ),
    resources: {
      [token("ContainerPurge")]: { ...comments.of("ContainerPurge"), ...resource("ContainerPurge", purge) },
      [token("CleanupPolicy")]: { ...comments.of("CleanupPolicy"), ...resource("CleanupPolicy", policy) },
      [token("EphemeralContainer")]: ephemeral(comments, purge.inputs.properties),
    },
  };
}

/** The text of schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(packageSchema(), null, 2)}\n`;
}

export const schemaFile = join(__dirname, "..", "..", "schema.json");

const documentedFiles = [
  "container-purge/resource.ts",
  "container-purge/state.ts",
  "cleanup-policy/resource.ts",
  "cleanup-policy/state.ts",
  "ephemeral-container/resource.ts",
  "explicit-provider/resource.ts",
];

const about = {
  name: "supermemory",
  displayName: "Supermemory",
  description: "Clean up Supermemory data as part of a Pulumi stack: purge container tags on up and destroy.",
  keywords: ["pulumi", "supermemory", "category/utility", "kind/native"],
  license: "Apache-2.0",
  // The SDKs contain the version, and are complete packages.
  meta: { supportPack: true },
  language: {
    python: { packageName: "pulumi_supermemory", pyproject: { enabled: true } },
    nodejs: { packageName: "pulumi-supermemory-sdk" },
    go: {
      importBasePath: "pulumi-supermemory/sdk/go/supermemory",
      generateResourceContainerTypes: true,
    },
  },
};

/** With an alias, because the state of a program in TypeScript contains the type of its dynamic provider. */
function resource(name: string, { inputs, outputs }: Readonly<Record<"inputs" | "outputs", Members>>) {
  return {
    inputProperties: inputs.properties,
    requiredInputs: inputs.requiredInputs,
    properties: { ...withoutDefaults(inputs.properties), ...outputs.properties },
    required: [...inputs.required, ...outputs.required],
    aliases: [{ type: `pulumi-nodejs:dynamic/supermemory:${name}` }],
  };
}

/** The arguments of its ContainerPurge, except the tag, which it creates. */
function ephemeral(comments: Comments, purgeInputs: Properties): ResourceSpec {
  const passedOn = Object.entries(purgeInputs).filter(([name]) => name !== "containerTags");
  return {
    isComponent: true,
    ...comments.of("EphemeralContainer"),
    inputProperties: {
      prefix: { type: "string", plain: true, ...comments.member("EphemeralContainerArgs", "prefix") },
      ...Object.fromEntries(passedOn),
    },
    requiredInputs: [],
    properties: {
      containerTag: { type: "string", ...comments.member("EphemeralContainer", "containerTag") },
      purge: {
        $ref: `#/resources/${token("ContainerPurge")}`,
        ...comments.member("EphemeralContainer", "purge"),
      },
    },
    required: ["containerTag", "purge"],
  };
}

function token(name: string): string {
  return `supermemory:index:${name}`;
}

/** A default is only for arguments. */
function withoutDefaults(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { default: argumentOnly, ...output } = property;
      return [name, argumentOnly === undefined ? property : output];
    }),
  );
}
