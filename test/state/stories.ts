import type { FaultRule } from "../../emulator";
import { idle } from "../e2e/support/idle";
import { purgeProgram } from "../e2e/support/runs";
import type { SeedContainers } from "../provider/support/host-emulator";

type Args = Readonly<Record<string, unknown>>;

export interface StateStory {
  readonly name: string;
  readonly type: "ContainerPurge" | "CleanupPolicy";
  readonly args: Args;
  readonly before?: Args;
  readonly program: (args: Args) => string;
  readonly written: SeedContainers;
  readonly env?: Readonly<Record<string, string>>;
  readonly fault?: FaultRule;
  /** With this, a `refresh` follows the last `up`, after these documents were written. */
  readonly refreshed?: SeedContainers;
  /** The containers at the destroy. Fixed, because they are part of the fixture. */
  readonly later: SeedContainers;
}

const longAgo = "2020-01-01T00:00:00Z";
const log = { content: "a line", createdAt: longAgo, metadata: { kind: "log" } };
const refused: FaultRule = {
  match: { method: "DELETE", containerTag: "pr-42-cache" },
  then: { kind: "wrongShape", status: 403, body: { error: "Forbidden" }, when: "beforeEffect" },
};
const purge = { type: "ContainerPurge", program: (args: Args) => purgeProgram(args) } as const;
const both = { containerTags: ["pr-42", "pr-42-cache"] };
const explicit = `{ provider: new (require("pulumi-supermemory").Provider)("other-org", { apiKey: "sm_emulator_key", allowedTags: ["pr-*"] }) }`;

/** All recorded states. Change a story or add one for each new argument or output that `delete` reads. */
export const stories: readonly StateStory[] = [
  {
    ...{ ...purge, name: "default arguments" },
    ...{ args: { containerTags: ["pr-42"] }, written: { "pr-42": 5 }, later: { "pr-42": 4 } },
  },
  {
    ...{ ...purge, name: "every argument, and drift that a refresh found" },
    args: {
      containerTags: ["pr-42", "eu-prod"],
      purgeOn: ["create", "update", "drift", "delete"],
      triggers: { build: 7, parts: ["a", null, true] },
      scope: "documents",
      select: { olderThan: "30 days", newerThan: "36500 days", status: "done", metadata: { kind: "log" } },
      deleteBy: "ids",
      sharedDocuments: "keep",
      maxDeletions: 500,
      allowProtectedTags: ["eu-prod"],
      verify: false,
      timeout: "5m",
    },
    written: { "pr-42": { documents: [log, log, { content: "a note" }] }, "eu-prod": { documents: [log] } },
    refreshed: { "pr-42": { documents: [log] } },
    later: {
      "pr-42": { documents: [log, log, { ...log, alsoIn: ["pr-99"] }, { ...log, metadata: { kind: "note" } }] },
      "eu-prod": { documents: [log, { content: "a new line", metadata: { kind: "log" } }] },
    },
  },
  {
    ...{ ...purge, name: "scope container" },
    args: { containerTags: ["pr-42"], scope: "container" },
    ...{ written: { "pr-42": { documents: 2, memories: 1 } }, later: { "pr-42": { documents: 3, memories: 2 } } },
  },
  {
    ...{ ...purge, name: "by ids" },
    args: { containerTags: ["pr-42"], deleteBy: "ids", sharedDocuments: "refuse" },
    ...{ written: { "pr-42": 3 }, later: { "pr-42": 120 } },
  },
  {
    ...{ ...purge, name: "nothing purges" },
    ...{ args: { ...both, purgeOn: [] }, written: { "pr-42": 5 }, later: { "pr-42": 5, "pr-42-cache": 1 } },
  },
  {
    ...{ ...purge, name: "a create that failed halfway" },
    ...{ args: both, fault: refused },
    ...{ written: { "pr-42": 4, "pr-42-cache": 9 }, later: { "pr-42": 2, "pr-42-cache": 9 } },
  },
  {
    ...{ ...purge, name: "a create that was skipped" },
    ...{ args: both, env: { SUPERMEMORY_PURGE: "skip" } },
    ...{ written: { "pr-42": 4 }, later: { "pr-42": 4, "pr-42-cache": 1 } },
  },
  {
    ...{ ...purge, name: "a removed protected tag whose purge failed" },
    before: { containerTags: ["pr-42", "eu-prod"], allowProtectedTags: ["eu-prod"], purgeOn: ["delete"] },
    args: { containerTags: ["pr-42"], purgeOn: ["delete"] },
    fault: { ...refused, match: { method: "DELETE", containerTag: "eu-prod" } },
    ...{ written: { "pr-42": 4, "eu-prod": 9 }, later: { "pr-42": 2, "eu-prod": 9 } },
  },
  {
    ...{ ...purge, name: "an explicit provider instance" },
    ...{ args: { containerTags: ["pr-42"] }, program: (args) => purgeProgram(args, "memory", explicit) },
    ...{ written: { "pr-42": 1 }, later: { "pr-42": 7 } },
  },
  {
    ...{ ...purge, name: "inside an EphemeralContainer" },
    args: { containerTags: ["shop:dev"], allowProtectedTags: [] },
    program: () => `const { EphemeralContainer } = require("pulumi-supermemory");
new EphemeralContainer("memory", {});
`,
    ...{ written: { "shop:dev": 1 }, later: { "shop:dev": 7, "shop:dev2": 2 } },
  },
  {
    ...{ type: "CleanupPolicy", name: "a policy that has purged", program: policyProgram },
    args: { match: ["pr-*"], inactiveFor: "14 days" },
    written: { "pr-1": idle(31, 20), "pr-2": idle(20, 3), "pr-prod": idle(90, 4) },
    later: { "pr-1": 2, "pr-prod": { documents: 1, createdAt: longAgo, lastActivityAt: longAgo } },
  },
  {
    ...{ type: "CleanupPolicy", name: "every argument of a policy that reports", program: policyProgram },
    args: {
      match: ["pr-*", "test-?"],
      except: ["pr-keep-*"],
      inactiveFor: "14 days",
      keepLatest: 1,
      scope: "documents",
      select: { metadata: { kind: "log" } },
      maxContainers: 5,
      maxDeletions: 50,
      timeout: "5m",
      mode: "report",
    },
    written: { "pr-1": logs(idle(31, 2)), "pr-2": logs(idle(20, 3)), "pr-keep-1": logs(idle(90, 4)) },
    later: {
      "pr-1": { documents: [log, log], createdAt: longAgo, lastActivityAt: longAgo },
      "pr-2": { documents: [log], createdAt: longAgo, lastActivityAt: "2020-02-01T00:00:00Z" },
    },
  },
];

function logs(container: ReturnType<typeof idle>): ReturnType<typeof idle> {
  return { ...container, each: { ...container.each, metadata: { kind: "log" } } };
}

function policyProgram(args: Args): string {
  return `const { CleanupPolicy } = require("pulumi-supermemory");
new CleanupPolicy("nightly", ${JSON.stringify(args)});
`;
}
