/**
 * The parts of Pulumi's package schema that this package uses.
 *
 * Source: https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/
 */
export interface TypeSpec {
  readonly type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  readonly oneOf?: readonly TypeSpec[];
  readonly $ref?: string;
  /** The value cannot be an output of another resource. */
  readonly plain?: boolean;
}

export interface PropertySpec extends TypeSpec {
  readonly description: string;
  readonly deprecationMessage?: string;
  readonly default?: string | number | boolean;
  readonly defaultInfo?: { readonly environment: readonly string[] };
  readonly secret?: boolean;
}

export type Properties = Readonly<Record<string, PropertySpec>>;

export interface EnumSpec {
  readonly type: "string";
  readonly description: string;
  readonly enum: readonly { readonly value: string }[];
}

export interface ObjectSpec {
  readonly type: "object";
  readonly description: string;
  readonly properties: Properties;
  readonly required: readonly string[];
}

export interface ResourceSpec {
  readonly description: string;
  readonly deprecationMessage?: string;
  readonly isComponent?: boolean;
  readonly inputProperties: Properties;
  readonly requiredInputs: readonly string[];
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly aliases?: readonly { readonly type: string }[];
}

export interface PackageSpec {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly meta: { readonly supportPack: boolean };
  readonly language: Readonly<Record<string, object>>;
  readonly config: { readonly variables: Properties };
  readonly provider: ResourceSpec;
  readonly types: Readonly<Record<string, EnumSpec | ObjectSpec>>;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
}
