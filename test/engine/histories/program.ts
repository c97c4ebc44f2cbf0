/** The programs of histories: a list of resources, which edits change, and its JavaScript. */
import { z } from "zod";

export interface Resource {
  readonly kind: Kind;
  readonly name: string;
  /** The first tag of a ContainerPurge. No other resource has it. */
  readonly ownTag: string;
  /** `containerTags` does not include the own tag. */
  readonly args: Args;
  readonly options: Options;
  /** Whether the resource is a child of the program's component. */
  readonly inGroup: boolean;
  readonly aliases: readonly Alias[];
  /** Whether an argument is an output of the previous resource. */
  readonly readsPrevious: boolean;
}

export type Kind = "ContainerPurge" | "EphemeralContainer" | "CleanupPolicy";

export type Args = Readonly<Record<string, unknown>>;

/** The resource options that the program passes, without parent, aliases and dependsOn. */
export type Options = Readonly<Record<string, unknown>>;

export interface Alias {
  readonly name: string;
  readonly inGroup: boolean;
}

export interface Program {
  readonly resources: readonly Resource[];
  /** Each resource depends on all earlier ones, which fixes the order of all calls. */
  readonly isChain: boolean;
  readonly isBroken: boolean;
}

export const project = "shop";
export const stack = "dev";
const groupType = "my:mod:Group";

export function programText({ resources, isChain, isBroken }: Program): string {
  const needsGroup = resources.some(({ inGroup, aliases }) => inGroup || aliases.some((alias) => alias.inGroup));
  const used = resources.map(({ kind }) => kind);
  return [
    `const pulumi = require("@pulumi/pulumi");`,
    `const { ${[...new Set([...used, "Provider"])].join(", ")} } = require("pulumi-supermemory");`,
    ...(needsGroup ? [`const group = new pulumi.ComponentResource("${groupType}", "group");`] : []),
    ...(resources.some(({ options }) => options["provider"] === "own") ? [ownProvider] : []),
    `const made = [];`,
    ...resources.map((resource, at) => line(resource, resources[at - 1], isChain)),
    ...(isBroken ? [`throw new pulumi.RunError("the program broke");`] : []),
    ...(resources[0] === undefined ? [] : [`exports.first = made[0].urn;`]),
    "",
  ].join("\n");
}

const ownProvider =
  `const own = new Provider("own", { apiKey: process.env.SUPERMEMORY_API_KEY, ` +
  `baseUrl: process.env.SUPERMEMORY_BASE_URL, concurrency: 1 });`;

function line(resource: Resource, previous: Resource | undefined, isChain: boolean): string {
  const { kind, name, options, inGroup, aliases, readsPrevious } = resource;
  const fromPrevious = readsPrevious && previous !== undefined ? [`triggers: ${deletedCount(previous)}`] : [];
  const { provider, ...plain } = options;
  const aliasTexts = aliases.map((alias) => `{ name: "${alias.name}", parent: ${parentText(alias.inGroup)} }`);
  const parts = [
    ...Object.entries(plain).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ...(provider === "own" ? [kind === "EphemeralContainer" ? "providers: [own]" : "provider: own"] : []),
    ...(inGroup ? ["parent: group"] : []),
    ...(aliasTexts.length > 0 ? [`aliases: [${aliasTexts.join(", ")}]`] : []),
    ...(isChain ? ["dependsOn: [...made]"] : []),
  ];
  const argTexts = [
    ...Object.entries(argsOf(resource)).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ...fromPrevious,
  ];
  return `made.push(new ${kind}("${name}", { ${argTexts.join(", ")} }, { ${parts.join(", ")} }));`;
}

function argsOf({ kind, args, ownTag }: Resource): Args {
  const more = z.array(z.string()).default([]).parse(args["containerTags"]);
  return kind === "ContainerPurge" ? { ...args, containerTags: [ownTag, ...more] } : args;
}

function deletedCount({ kind }: Resource): string {
  return kind === "EphemeralContainer" ? "made.at(-1).purge.deletedCount" : "made.at(-1).deletedCount";
}

function parentText(inGroup: boolean): string {
  return inGroup ? "group" : "pulumi.rootStackResource";
}

/** The URN of a resource. For an ephemeral container, the URN of its purge. */
export function urnOf({ kind, name, inGroup }: Resource): string {
  const own = kind === "EphemeralContainer" ? "ContainerPurge" : kind;
  const types = [
    ...(inGroup ? [groupType] : []),
    ...(kind === "EphemeralContainer" ? ["supermemory:index:EphemeralContainer"] : []),
    `pulumi-nodejs:dynamic/supermemory:${own}`,
  ];
  return `urn:pulumi:${stack}::${project}::${types.join("$")}::${name}`;
}
