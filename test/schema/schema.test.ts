import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { checkPolicyArgs, policyArgumentNames } from "../../provider/cleanup-policy/args";
import { configNames } from "../../provider/config/names";
import { readSettings } from "../../provider/config/settings";
import { argumentNames, checkArgs } from "../../provider/container-purge/args";
import type { CheckResponse } from "../../provider/host/handler";
import {
  CleanupPolicy,
  ContainerPurge,
  EphemeralContainer,
  type EphemeralContainerArgs,
  type ProviderArgs,
} from "../../provider";
import { packageSchema, schemaFile, schemaText } from "../../tools/schema/package";
import type { Properties, TypeSpec } from "../../tools/schema/spec";
import { runProgram } from "../provider/support/host-program";
import { stateFixtures } from "../state/fixture";

const schema = packageSchema();
const purge = resource("ContainerPurge");
const policy = resource("CleanupPolicy");
const ephemeral = resource("EphemeralContainer");

test("schema.json is what npm run schema makes of the source", () => {
  expect(readFileSync(schemaFile, "utf8")).toBe(schemaText());
});

test("contains no version, which a release would change", () => {
  expect(schema).not.toHaveProperty("version");
});

describe("arguments", () => {
  test("are those of the resources", () => {
    expect(Object.keys(purge.inputProperties)).toEqual(argumentNames);
    expect(Object.keys(policy.inputProperties)).toEqual(policyArgumentNames);
    const ofEphemeral: Readonly<Record<keyof EphemeralContainerArgs, true>> = {
      ...{ prefix: true, purgeOn: true, triggers: true, scope: true, select: true, deleteBy: true },
      ...{ sharedDocuments: true, maxDeletions: true, allowProtectedTags: true, verify: true, timeout: true },
    };
    expect(Object.keys(ephemeral.inputProperties)).toEqual(Object.keys(ofEphemeral));
  });

  test("are required where a resource cannot be without them", () => {
    expect(purge.requiredInputs).toEqual(["containerTags"]);
    expect(policy.requiredInputs).toEqual(["match"]);
    expect(ephemeral.requiredInputs).toEqual([]);
    expect(ephemeral.inputProperties["prefix"]).toMatchObject({ type: "string", plain: true });
  });

  test.each([
    ["ContainerPurge", purge.inputProperties, checkArgs({ containerTags: ["pr-42"] })],
    ["CleanupPolicy", policy.inputProperties, checkPolicyArgs({ match: ["pr-*"] })],
  ])("of a %s have the defaults that check fills in", (_name, properties, { inputs }) => {
    const scalars = Object.entries(inputs).filter(([, value]) => typeof value !== "object");
    const defaults = Object.entries(properties).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, value]],
    );
    expect(Object.fromEntries(defaults)).toEqual(Object.fromEntries(scalars));
  });

  const given: readonly [string, Properties, (value: object) => CheckResponse][] = [
    ["ContainerPurge", purge.inputProperties, (value) => checkArgs({ containerTags: ["pr-42"], ...value })],
    ["CleanupPolicy", policy.inputProperties, (value) => checkPolicyArgs({ match: ["pr-*"], keepLatest: 3, ...value })],
    ["Selection", selection(), (value) => checkArgs({ containerTags: ["pr-42"], select: value })],
  ];
  const withEnum = given.flatMap(([owner, properties, check]) =>
    Object.entries(properties).flatMap(([name, type]) => {
      const values = valuesOf(type.items ?? type);
      return values.length === 0 ? [] : [{ owner, name, check, values, isList: type.type === "array" }];
    }),
  );

  test("with a fixed set of values are enums", () => {
    expect(withEnum.map(({ name, owner, values }) => [owner, name, values.join()])).toEqual([
      ["ContainerPurge", "purgeOn", "create,update,drift,delete"],
      ["ContainerPurge", "scope", "documents,container"],
      ["ContainerPurge", "deleteBy", "tag,ids"],
      ["ContainerPurge", "sharedDocuments", "delete,keep,refuse"],
      ["CleanupPolicy", "scope", "documents,container"],
      ["CleanupPolicy", "mode", "purge,report"],
      ["Selection", "status", "unknown,queued,extracting,chunking,embedding,indexing,done,failed"],
    ]);
  });

  test.each(withEnum)(
    "$name of a $owner accepts each of its values, and no other",
    ({ check, isList, name, values }) => {
      const failing = [...values, "other"].filter(
        (value) => check({ [name]: isList ? [value] : value }).failures.length > 0,
      );
      expect(failing).toEqual(["other"]);
    },
  );
});

describe("outputs", () => {
  type Outputs<T extends pulumi.Resource> = Exclude<keyof T, keyof pulumi.CustomResource>;
  const ofPurge: Readonly<Record<Outputs<ContainerPurge>, true>> = {
    ...{ containerTags: true, purgeOn: true, triggers: true, scope: true, select: true, deleteBy: true },
    ...{ sharedDocuments: true, maxDeletions: true, allowProtectedTags: true, verify: true, timeout: true },
    ...{ containerTag: true, deletedCount: true, totalDeletedCount: true, deletedByTag: true, documentCount: true },
    ...{ lastPurgedAt: true, lastPurgeEvent: true, pending: true, apiVersion: true, baseUrl: true, keyId: true },
    ...{ project: true, stack: true },
  };
  const ofPolicy: Readonly<Record<Outputs<CleanupPolicy>, true>> = {
    ...{ match: true, except: true, inactiveFor: true, keepLatest: true, scope: true, select: true },
    ...{ maxContainers: true, maxDeletions: true, timeout: true, mode: true, planned: true, purged: true },
    ...{ deletedCount: true, lastRunAt: true, apiVersion: true, baseUrl: true, keyId: true },
  };
  const ofEphemeral: Readonly<Record<Outputs<EphemeralContainer>, true>> = { containerTag: true, purge: true };

  test("are those of the classes", () => {
    expect(Object.keys(purge.properties).sort()).toEqual(Object.keys(ofPurge).sort());
    expect(Object.keys(policy.properties).sort()).toEqual(Object.keys(ofPolicy).sort());
    expect(Object.keys(ephemeral.properties)).toEqual(Object.keys(ofEphemeral));
    expect(ephemeral.required).toEqual(Object.keys(ofEphemeral));
    expect(ephemeral).toMatchObject({ isComponent: true });
    for (const { properties } of [purge, policy, ephemeral]) {
      expect(Object.values(properties).filter((property) => "default" in property)).toEqual([]);
    }
  });

  const stored = stateFixtures().flatMap(({ states, version }) => states.map((state) => ({ ...state, version })));
  test.each(stored)("describe the state of $version: $name", ({ outputs, type }) => {
    const { properties, required } = resource(type);
    const visible = Object.entries(outputs).filter(([name, value]) => !name.startsWith("__") && value !== null);
    const problems = visible.flatMap(([name, value]) => problemsOf(value, properties[name], name));
    expect(problems).toEqual([]);
    expect(required.filter((name) => !visible.some(([one]) => one === name))).toEqual([]);
  });
});

describe("configuration", () => {
  const settings: readonly string[] = configNames.filter((name) => name !== "instance");

  test("has all settings, and a Provider has the same", () => {
    const ofProvider: Readonly<Record<keyof ProviderArgs, true>> = {
      ...{ apiKey: true, baseUrl: true, apiVersion: true, protectedTags: true, allowedTags: true },
      ...{ concurrency: true, receipts: true, allowInsecureHttp: true },
    };
    expect(Object.keys(schema.config.variables)).toEqual(settings);
    expect(Object.keys(schema.provider.inputProperties)).toEqual(Object.keys(ofProvider));
    expect(Object.keys(ofProvider)).toEqual(settings);
    expect(schema.provider.requiredInputs).toEqual(["apiKey"]);
  });

  const byVariable = Object.entries(schema.config.variables).flatMap(([name, { defaultInfo }]) =>
    (defaultInfo?.environment ?? []).map((variable) => ({ name, variable })),
  );
  test.each(byVariable)("$variable sets $name", ({ name, variable }) => {
    const value = { apiKey: "sm_emulator_key", baseUrl: "https://api.example.com", apiVersion: "v5" }[name] ?? "file";
    const expected = name === "receipts" ? { kind: "file", path: value } : value;
    expect(readSettings({}, { [variable]: value })).toHaveProperty([name], expected);
  });

  test("names every variable that sets a setting", () => {
    expect(byVariable.map(({ variable }) => variable)).toEqual([
      ...["SUPERMEMORY_PURGE_API_KEY", "SUPERMEMORY_API_KEY"],
      ...["SUPERMEMORY_BASE_URL", "SUPERMEMORY_API_VERSION", "SUPERMEMORY_RECEIPTS"],
    ]);
  });

  test("an SDK takes no argument of a Provider from a variable", () => {
    const taken = Object.values(schema.provider.inputProperties).filter(
      (property) => "defaultInfo" in property || "default" in property,
    );
    expect(taken).toEqual([]);
  });

  test("only the key is a secret", () => {
    const all = { ...purge.inputProperties, ...policy.inputProperties, ...schema.config.variables };
    expect(secretsIn(all)).toEqual(["apiKey"]);
    expect(secretsIn(schema.provider.inputProperties)).toEqual(["apiKey"]);
  });
});

test("state of a program in TypeScript can move to the plugin", async () => {
  const { registered } = await runProgram(() => {
    new ContainerPurge("memory", { containerTags: ["pr-42"] });
    new CleanupPolicy("nightly", { match: ["pr-*"] });
    new EphemeralContainer("own");
  });
  const typeOf = (resourceName: string) => registered.find(({ name }) => name === resourceName)?.type;
  expect(purge.aliases).toEqual([{ type: typeOf("memory") }]);
  expect(policy.aliases).toEqual([{ type: typeOf("nightly") }]);
  expect(registered).toContainEqual(expect.objectContaining({ type: "supermemory:index:EphemeralContainer" }));
});

describe("descriptions", () => {
  const described = [...descriptionsIn(schema)];

  test("are never missing", () => {
    const properties = [
      ...[schema.provider, purge, policy, ephemeral].flatMap((one) => [one.inputProperties, one.properties ?? {}]),
      ...Object.values(schema.types).map((type) => ("properties" in type ? type.properties : {})),
      schema.config.variables,
    ];
    const missing = properties.flatMap((one) =>
      Object.entries(one).flatMap(([name, { description }]) => (description.trim() === "" ? [name] : [])),
    );
    expect(missing).toEqual([]);
    expect([...Object.values(schema.types), ...Object.values(schema.resources)].every((one) => one.description)).toBe(
      true,
    );
    expect(described.length).toBeGreaterThan(100);
  });

  test("do not depend on a language, and contain no marks of the source", () => {
    const marks = /\{@|TypeScript|JavaScript|\bSource: |@(default|throws|example)|pulumi\.Input|__\w/;
    expect(described.filter((text) => marks.test(text))).toEqual([]);
  });
});

function resource(name: string) {
  const { properties = {}, required = [], ...found } = schema.resources[`supermemory:index:${name}`] ?? unknown(name);
  return { ...found, properties, required };
}

function selection(): Properties {
  const type = schema.types["supermemory:index:Selection"];
  return type?.type === "object" ? type.properties : unknown("Selection");
}

function unknown(name: string): never {
  throw new Error(`the schema has no ${name}`);
}

function valuesOf({ $ref = "" }: TypeSpec): readonly string[] {
  const type = schema.types[$ref.replace("#/types/", "")];
  return type?.type === "string" ? type.enum.map(({ value }) => value) : [];
}

function secretsIn(properties: Properties): readonly string[] {
  return Object.entries(properties).flatMap(([name, { secret }]) => (secret === true ? [name] : []));
}

function* descriptionsIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === "description" && typeof member === "string") yield member;
    else yield* descriptionsIn(member);
  }
}

/** Where a value is not of its type. */
function problemsOf(value: unknown, type: TypeSpec | undefined, path: string): readonly string[] {
  if (type === undefined) return [`${path} is not in the schema`];
  if (type.$ref === "pulumi.json#/Any") return [];
  const named = schema.types[type.$ref?.replace("#/types/", "") ?? ""];
  if (named?.type === "string") return valuesOf(type).some((one) => one === value) ? [] : [`${path}: ${String(value)}`];
  if (type.oneOf !== undefined) {
    return type.oneOf.some((one) => problemsOf(value, one, path).length === 0) ? [] : [`${path}: ${typeof value}`];
  }
  if (Array.isArray(value) && type.type === "array") {
    return value.flatMap((item, at) => problemsOf(item, type.items, `${path}[${at}]`));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, member]) => {
      const memberType = named?.type === "object" ? named.properties[name] : type.additionalProperties;
      return problemsOf(member, memberType, `${path}.${name}`);
    });
  }
  const isInteger = type.type === "integer" && Number.isInteger(value);
  return isInteger || typeof value === type.type ? [] : [`${path}: ${typeof value} is not of its type`];
}
