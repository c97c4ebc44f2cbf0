import * as z from "zod";
import { conditions } from "../../provider/host/args";
import type { Comment, Comments } from "./comments";
import type { EnumSpec, ObjectSpec, Properties, PropertySpec, TypeSpec } from "./spec";

export interface Members {
  readonly properties: Properties;
  /** The members that a program has to set. */
  readonly requiredInputs: readonly string[];
  /** The members that are always set in the state. */
  readonly required: readonly string[];
}

/** What the type of a member is called in the SDKs, by the member's name. */
const typeNames: Readonly<Record<string, string>> = {
  purgeOn: "PurgeEvent",
  event: "PurgeEvent",
  scope: "PurgeScope",
  deleteBy: "DeleteBy",
  sharedDocuments: "SharedDocuments",
  select: "Selection",
  status: "DocumentStatus",
  mode: "PolicyMode",
  pending: "PendingPurge",
  planned: "PlannedContainer",
  purged: "PurgedContainer",
};

/** For enums whose member describes something else. */
const enumDescriptions: Readonly<Record<string, string>> = { DocumentStatus: "The processing state of a document." };

/** The types of a package. Reading a shape adds the named types in it. */
export class TypeReader {
  readonly #types = new Map<string, EnumSpec | ObjectSpec>();

  constructor(private readonly comments: Pick<Comments, "has" | "member" | "of">) {}

  get types(): Readonly<Record<string, EnumSpec | ObjectSpec>> {
    return Object.fromEntries([...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * The members of a shape, with the comments of the interface or class of that name.
   *
   * @throws Error for a member without a comment, or of a type that has no counterpart
   */
  members(type: string, shape: Readonly<Record<string, Schema>>): Members {
    const members = Object.entries(shape).map(([name, schema]) => {
      const { fallback, inner, isOptional } = unwrap(schema);
      const comment = this.comments.member(type, name);
      const property: PropertySpec = {
        ...this.#typeOf(name, inner, comment),
        ...comment,
        ...(isScalar(fallback) ? { default: fallback } : {}),
      };
      return { name, property, isOptional, hasDefault: fallback !== undefined };
    });
    return {
      properties: Object.fromEntries(members.map(({ name, property }) => [name, property])),
      requiredInputs: members
        .filter(({ hasDefault, isOptional }) => !hasDefault && !isOptional)
        .map(({ name }) => name),
      required: members.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
    };
  }

  #typeOf(name: string, schema: Schema, comment: Comment): TypeSpec {
    const { inner } = unwrap(schema);
    if (inner === conditions) return { type: "object", additionalProperties: { oneOf: scalars } };
    // Every number of this package is a count.
    if (inner instanceof z.ZodNumber) return { type: "integer" };
    if (inner instanceof z.ZodString) return { type: "string" };
    if (inner instanceof z.ZodBoolean) return { type: "boolean" };
    if (inner instanceof z.ZodUnknown) return { $ref: "pulumi.json#/Any" };
    if (inner instanceof z.ZodArray) {
      return { type: "array", items: this.#typeOf(name, inner.element, comment) };
    }
    if (inner instanceof z.ZodRecord) {
      return { type: "object", additionalProperties: this.#typeOf(name, inner.valueType, comment) };
    }
    if (inner instanceof z.ZodUnion) {
      // A single value stands for a list of one, for which other languages need no union.
      const list = inner.options.map((option) => unwrap(option).inner).find((option) => option instanceof z.ZodArray);
      if (list !== undefined) return this.#typeOf(name, list, comment);
    }
    if (inner instanceof z.ZodEnum) return this.#enum(name, inner.options.map(String), comment);
    if (inner instanceof z.ZodObject) return this.#object(name, inner.shape);
    throw new Error(`${name} has a type that the schema cannot express`);
  }

  /** Described as the type of that name, else as the first member that has this type. */
  #enum(member: string, values: readonly string[], comment: Comment): TypeSpec {
    const name = nameOf(member);
    if (!this.#types.has(name)) {
      const description = this.comments.has(name)
        ? this.comments.of(name).description
        : (enumDescriptions[name] ?? withoutDefault(comment.description));
      this.#types.set(name, { type: "string", description, enum: values.map((value) => ({ value })) });
    }
    return reference(name);
  }

  #object(member: string, shape: Readonly<Record<string, Schema>>): TypeSpec {
    const name = nameOf(member);
    if (!this.#types.has(name)) {
      const { properties, required } = this.members(name, shape);
      this.#types.set(name, { type: "object", ...this.comments.of(name), properties, required });
    }
    return reference(name);
  }
}

type Schema = z.core.$ZodType;

const scalars: readonly TypeSpec[] = [{ type: "string" }, { type: "number" }, { type: "boolean" }];

interface Unwrapped {
  readonly inner: Schema;
  /** The default. */
  readonly fallback: unknown;
  readonly isOptional: boolean;
}

/** The schema that describes what a program sets, below everything that only transforms it. */
function unwrap(schema: Schema): Unwrapped {
  if (schema instanceof z.ZodDefault) {
    return { ...unwrap(schema.unwrap()), fallback: schema.def.defaultValue };
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return { ...unwrap(schema.unwrap()), isOptional: true };
  }
  if (schema !== conditions && schema instanceof z.ZodPipe) {
    const before = unwrap(schema.in);
    return before.inner instanceof z.ZodUnknown ? unwrap(schema.out) : before;
  }
  return { inner: schema, fallback: undefined, isOptional: false };
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function withoutDefault(description: string): string {
  return description.replace(/\n\nDefault: .*$/s, "");
}

function nameOf(member: string): string {
  const name = typeNames[member];
  if (name === undefined) throw new Error(`the type of ${member} has no name\nadd it to typeNames`);
  return name;
}

function reference(name: string): TypeSpec {
  return { $ref: `#/types/supermemory:index:${name}` };
}
