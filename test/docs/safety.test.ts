import { createManualClock } from "../../emulator";
import type { TestBedOptions } from "../e2e/support/test-bed";
import { openEmulator } from "../wire/emulator";
import { cleanupPolicyMethods, openProvider } from "../provider/support/host-calls";
import { urnOfPolicy } from "../provider/support/host-policy";
import { urnOfMemory } from "../provider/support/host-stack";
import { elsewhere, Messages, purgesAtTheEnd, type Scene } from "./support/messages";
import { describePage } from "./support/page";
import { play, type Story, Teller } from "./support/story";

const page = "docs/safety.md";

const purge = { containerTags: ["pr-42"] };
type Preview = readonly [name: string, args: object, containers?: Parameters<Scene["seed"]>[0], config?: object];

const refusals: Story = async () => {
  const told = new Messages(page);
  const inTenant = { alsoIn: ["tenant-7"] };
  const previews: readonly Preview[] = [
    ["wildcard", { containerTags: ["pr-*"] }],
    ["blank", { containerTags: [""] }],
    ["allowedTags", { containerTags: ["tenant-7"] }, {}, { "supermemory:allowedTags": "pr-*" }],
    ["maxDeletions", { containerTags: ["pr-42", "pr-43"] }, { "pr-42": 12_000, "pr-43": 480 }],
    ["shared-protected", purge, { "pr-42": { documents: 2, each: { alsoIn: ["eu-prod"] } } }],
    ["shared-refuse", { ...purge, sharedDocuments: "refuse" }, { "pr-42": { documents: 2, each: inTenant } }],
    ["shared-v5", { ...purge, sharedDocuments: "keep" }, {}, { "supermemory:apiVersion": "v5" }],
  ];
  for (const [name, args, containers = {}, config = {}] of previews) {
    await told.take(`refusals/${name}`, { host: { config: { ...config } } }, async ({ seed, stack }) => {
      seed(containers);
      return await stack.preview({ ...args });
    });
  }
  await told.takeDestroy("refusals/maxDeletions-destroy", 12_480);
  await told.takeDestroy("refusals/address", 4, { recorded: elsewhere });
  await told.takeDestroy("refusals/owner", 4, { env: { PULUMI_PROJECT: "blog" } });
  await told.take("refusals/unknown", {}, async ({ stack }) => await stack.up({ ...purge, __known: undefined }));
  await told.takeDestroy("refusals/newer", 4, { recorded: { keepNewest: 3 } });
  await told.takeDestroy("refusals/damaged", 4, { recorded: { maxDeletions: "many" } });
  const endOfV3 = ({ emulator }: Scene): void => {
    emulator.switchApi("v3", "gone");
  };
  const seen = { apiVersion: "v3", __besideProtected: true };
  await told.takeDestroy("refusals/v5-protected", 4, { recorded: seen, before: endOfV3 });
  await told.takeDestroy("refusals/v5-shared", 4, {
    recorded: { apiVersion: "v3", deleteBy: "ids", sharedDocuments: "keep" },
    before: endOfV3,
  });
  const apiKeys = [{ key: "key-of-march-1234" }, { key: "key-of-april-5678" }];
  await told.takeDestroy("refusals/new-key", 4, { apiKeys, env: { SUPERMEMORY_API_KEY: "key-of-april-5678" } });
  await told.takeDestroy("refusals/switch", 4, { env: { SUPERMEMORY_PURGE: "off" } });
  const late = { clock: createManualClock("2026-01-19T12:00:00Z") };
  await told.take("refusals/clock", late, async ({ seed, stack }) => {
    seed({ "pr-42": 4 });
    return await stack.up({ ...purge, select: { olderThan: "7 days" } });
  });
  return told;
};

/** Two resources in one provider process, as in one command. */
const claims: Story = async () => {
  const teller = new Teller(page);
  const emulator = await openEmulator({ seed: { containers: { "pr-42": 4 } } });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  const memory = { ...purgesAtTheEnd, __provider: "text", __urn: urnOfMemory };
  const memory2 = { ...memory, __urn: `${urnOfMemory}2` };
  try {
    const before = openProvider({ env });
    const { inputs } = await before.check({}, memory);
    const { id, outputs } = await before.create(inputs);
    const after = openProvider({ env });
    await after.check({}, memory2);
    await after.delete(id, outputs);
    teller.outputs.set("claims/kept", after.lines.join("\n"));
    await before.check(inputs, memory);
    const { failures } = await before.check({}, memory2);
    teller.outputs.set("claims/twice", failures.map(({ reason }) => reason).join("\n"));
    const early = openProvider({ env });
    const nightly = openProvider({ host: early.host, methods: cleanupPolicyMethods });
    const policy = { match: ["pr-*"], inactiveFor: "0s", __urn: urnOfPolicy, __provider: "text", __preview: true };
    expect((await nightly.check({}, policy)).failures).toEqual([]);
    const late = await early.check({}, { ...memory, __preview: true });
    teller.outputs.set("claims/policy", late.failures.map(({ reason }) => reason).join("\n"));
    const moving = openProvider({ env });
    const given = await moving.check(inputs, { ...memory, containerTags: ["pr-43"], __preview: true });
    await moving.diff(id, outputs, given.inputs);
    const taken = await moving.check({}, { ...memory2, __preview: true });
    teller.outputs.set("claims/moved", taken.failures.map(({ reason }) => reason).join("\n"));
    expect(emulator.ledger).toEqual([]);
  } finally {
    await emulator.close();
  }
  return teller;
};

const policies: Story = async () => {
  const told = new Messages(page);
  const policy = true;
  await told.take("policies/required", { policy }, async ({ stack }) => await stack.preview({ match: ["pr-*"] }));
  await told.take("policies/literal", { policy }, async ({ stack }) => await stack.preview({ match: ["*"] }));
  await told.take(
    "policies/protected",
    { policy },
    async ({ stack }) => await stack.preview({ match: ["eu-prod-*"], inactiveFor: "14 days" }),
  );
  await told.take("policies/maxContainers", { policy }, async ({ seed, stack }) => {
    seed(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`pr-${index + 1}`, { documents: 1, each }])));
    return await stack.preview({ match: ["pr-*"], inactiveFor: "0s" });
  });
  const apiKeys = [{ key: "scoped-to-pr-42", containerTags: ["pr-42"] }];
  const scoped = { policy, apiKeys, host: { config: { "supermemory:apiVersion": "v5" } } };
  await told.take(
    "policies/no-list",
    scoped,
    async ({ stack }) => await stack.up({ match: ["pr-*"], inactiveFor: "14 days" }),
  );
  return told;
};

const failures: Story = async () => {
  const told = new Messages(page);
  await told.take("failures/not-found", {}, async ({ emulator, stack }) => {
    emulator.addFault({ times: Infinity, then: { kind: "notFound", as: "html" } });
    return await stack.up(purge);
  });
  const http = { host: { config: { "supermemory:baseUrl": "http://api.example.com" } } };
  await told.take("failures/http", http, async ({ stack }) => await stack.up(purge));
  return told;
};

/** What a person sees of a refusal in a preview, of a resource without or with arguments. */
function refusedPreview(resource: string, output: string, options: Partial<TestBedOptions>): Story {
  return async () =>
    await play(page, { program: "", ...options }, async ({ pulumi, world }) => {
      world.project.setProgram(`const supermemory = require("pulumi-supermemory");\nnew supermemory.${resource};`);
      await pulumi("pulumi preview", { output, fails: true });
    });
}

const written = { written: { "eu-prod": 4 } };
const ofTag = refusedPreview('ContainerPurge("memory", { containerTags: ["eu-prod"] })', "protected/preview", written);
const ofStack = refusedPreview('EphemeralContainer("memory")', "ephemeral/protected", { stack: "eu-prod" });

describePage(page, { refusals, claims, policies, failures, protected: ofTag, ephemeral: ofStack });

/** All of the same age, so that they are named in the order of their names. */
const each = { createdAt: "2025-12-01T00:00:00Z" };
