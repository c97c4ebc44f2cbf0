import { execFileSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmulator } from "../wire/emulator";
import { providerText } from "../../provider/dynamic/provider-text";
import { hasJq, runJq } from "./support/jq";
import { elsewhere, Messages, type Scene } from "./support/messages";
import { describePage } from "./support/page";
import { play, type Story } from "./support/story";

const page = "docs/operations.md";
const program = `const { ContainerPurge } = require("pulumi-supermemory");
new ContainerPurge("memory", { containerTags: ["pr-42"], purgeOn: ["delete"] });`;

const rights: Story = async () => {
  const told = new Messages(page);
  const purge = { containerTags: ["pr-42"] };
  const scoped = { key: "scoped-to-pr-43", containerTags: ["pr-43"] };
  const policy = { policy: true, host: { config: { "supermemory:apiVersion": "v5" } } };
  for (const [name, key, args, more] of [
    ["list", scoped, purge, {}],
    ["delete", { key: "may-not-delete", canDelete: false }, purge, {}],
    ["container", { key: "of-a-member", role: "member" }, { ...purge, scope: "container" }, {}],
    ["containers", scoped, { match: ["pr-*"], inactiveFor: "14 days" }, policy],
  ] as const) {
    const options = { seed: { containers: { "pr-42": 24 } }, apiKeys: [key], ...more };
    await told.take(`rights/${name}`, options, async ({ stack }) => await stack.up(args));
  }
  return told;
};

const stuck: Story = async () => {
  const told = new Messages(page);
  const gone = await openEmulator();
  await gone.close();
  const { url } = gone;
  await told.takeDestroy("stuck/no-key", 4, { env: { SUPERMEMORY_API_KEY: "" } });
  await told.takeDestroy("stuck/limit", 12_480);
  await told.takeDestroy("stuck/protected", 4, { env: { SUPERMEMORY_PROTECTED_TAGS: "pr-42" } });
  await told.takeDestroy("stuck/address", 4, { recorded: elsewhere });
  const env = { SUPERMEMORY_BASE_URL: url, SUPERMEMORY_ACCEPT_BASE_URL: url };
  await told.takeDestroy("stuck/unreachable", 4, { env });
  const toDelete = { match: { method: "DELETE" } } as const;
  const some = { kind: "partial", documents: 22, reason: "the document is locked by its owner" } as const;
  const none = { kind: "partial", documents: 0, reason: "not allowed" } as const;
  for (const [name, ...faults] of [
    ["stuck/not-found", { times: Infinity, then: { kind: "notFound", as: "html" } }],
    ["stuck/firewall", { times: Infinity, then: { kind: "refusal", status: 403, as: "html", when: "beforeEffect" } }],
    ["stuck/server", { times: Infinity, then: { kind: "serverError", status: 503 } }],
    ["stuck/writer", { ...toDelete, times: Infinity, then: { kind: "lateWriter", documents: 5 } }],
    ["stuck/refused", { ...toDelete, then: some }, { ...toDelete, times: Infinity, then: none }],
    ["limits/too-long", { times: Infinity, then: { kind: "rateLimit", retryAfter: 900 } }],
  ] as const) {
    const before = ({ emulator }: Scene): void => {
      for (const fault of faults) emulator.addFault(fault);
    };
    await told.takeDestroy(name, 24, { before });
  }
  const before = ({ seed }: Scene): void => {
    seed({ "pr-42": { documents: 3, each: { processing: "forever" } } });
  };
  await told.takeDestroy("stuck/processing", 21, { before });
  told.outputs.set("stuck/missing", withoutThePackage());
  return told;
};

const rotation: Story = async () => {
  const config = { "supermemory:apiKey": { secret: "key-of-march-1234" } };
  const emulator = { apiKeys: [{ key: "key-of-april-5678" }] };
  const options = { program, config, emulator, written: { "pr-42": 4 } };
  return await play(page, options, async ({ pulumi, world }) => {
    const april = { with: { "<new key>": "key-of-april-5678" } };
    await pulumi("pulumi up");
    await pulumi("pulumi destroy", { fails: true, output: "rotation/refused" });
    expect(world.count("pr-42")).toBe(4);
    await pulumi("SUPERMEMORY_PURGE_API_KEY=<new key> pulumi destroy", april);
    expect(world.count("pr-42")).toBe(0);
    await pulumi("pulumi up");
    await world.write("pr-42", 3);
    const modules = join(world.project.programDir, "node_modules");
    renameSync(modules, `${modules}-away`);
    world.mark();
    await pulumi("pulumi destroy", { fails: true, output: "rotation/checkout" });
    expect(world.requests()).toEqual([]);
    renameSync(`${modules}-away`, modules);
    await pulumi("pulumi config set --secret supermemory:apiKey <new key>", april);
    await pulumi("pulumi destroy --run-program");
    expect(world.count("pr-42")).toBe(0);
  });
};

const v5: Story = async () => {
  const options = { program: program.replace("delete", "create"), written: { "pr-42": 4 } };
  return await play(page, options, async ({ pulumi, world }) => {
    await pulumi("pulumi config set supermemory:apiVersion v5");
    world.mark();
    await pulumi("pulumi up");
    expect(world.count("pr-42")).toBe(0);
    expect(new Set(world.requests().map(({ api }) => api))).toEqual(new Set(["v5"]));
  });
};

/** Writes receipts with commands of the page, and reads them with the others. */
const receipts: Story = async () => {
  const both = program.replace(`["pr-42"], purgeOn: ["delete"]`, `["pr-42", "pr-42-cache"]`);
  return await play(page, { program: both, written: { "pr-42": 24, "pr-42-cache": 9 } }, async (stage) => {
    const { pulumi, teller, world } = stage;
    const file = "SUPERMEMORY_RECEIPTS=receipts.jsonl";
    await pulumi(`${file} pulumi up`);
    await world.write("pr-42", 17);
    world.mark();
    const env = { SUPERMEMORY_RECEIPTS: "receipts.jsonl" };
    await pulumi("SUPERMEMORY_PURGE=skip pulumi destroy", { output: "receipts/skip", env });
    expect(world.requests()).toEqual([]);
    await pulumi(`${file} pulumi up`);
    await pulumi(`${file} pulumi destroy`);
    if (hasJq) runJq(page, teller, world.project.programDir);
  });
};

describePage(page, { rights, stuck, limits: stuck, rotation, v5, receipts });

function withoutThePackage(): string {
  const folder = mkdtempSync(join(tmpdir(), "docs-missing-"));
  const code = `const exports = {}; ${providerText("containerPurge")}
try { exports.handler(); } catch (error) { console.log(error.message); }`;
  try {
    return execFileSync(process.execPath, ["-e", code], { cwd: folder, encoding: "utf8", timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
