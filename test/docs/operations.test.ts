import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmulator } from "../wire/emulator";
import { providerText } from "../../provider/dynamic/provider-text";
import type { CallOptions } from "../provider/support/host-calls";
import { hasJq, runJq } from "./support/jq";
import { deployed, elsewhere, Messages, recorded } from "./support/messages";
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
    ["containers", scoped, { match: ["pr-*"] }, policy],
  ] as const) {
    const options = { seed: { containers: { "pr-42": 24 } }, apiKeys: [key], ...more };
    await told.take(`rights/${name}`, options, async ({ stack }) => await stack.up(args));
  }
  return told;
};

const stuck: Story = async () => {
  const told = new Messages(page);
  const destroyed = async (name: string, documents: number, env: CallOptions["env"]): Promise<void> => {
    await told.take(name, {}, async (scene) => {
      await deployed(scene, documents);
      return await scene.stack.destroy(env);
    });
  };
  const gone = await openEmulator();
  await gone.close();
  await destroyed("stuck/no-key", 4, { SUPERMEMORY_API_KEY: "" });
  await destroyed("stuck/limit", 12_480, {});
  await destroyed("stuck/protected", 4, { SUPERMEMORY_PROTECTED_TAGS: "pr-42" });
  await told.take("stuck/address", {}, async (scene) => {
    await deployed(scene, 4);
    recorded(scene.stack, elsewhere);
    return await scene.stack.destroy();
  });
  const { url } = gone;
  await destroyed("stuck/unreachable", 4, { SUPERMEMORY_BASE_URL: url, SUPERMEMORY_ACCEPT_BASE_URL: url });
  const fails = [
    ["stuck/not-found", { times: Infinity, then: { kind: "notFound", as: "html" } }],
    ["stuck/server", { times: Infinity, then: { kind: "serverError", status: 503 } }],
    ["stuck/writer", { match: { method: "DELETE" }, times: Infinity, then: { kind: "lateWriter", documents: 5 } }],
    ["limits/too-long", { times: Infinity, then: { kind: "rateLimit", retryAfter: 900 } }],
  ] as const;
  for (const [name, fault] of fails) {
    await told.take(name, {}, async (scene) => {
      await deployed(scene, 24);
      scene.emulator.addFault(fault);
      return await scene.stack.destroy();
    });
  }
  await told.take("stuck/processing", {}, async (scene) => {
    await deployed(scene, 21);
    scene.seed({ "pr-42": { documents: 3, each: { processing: "forever" } } });
    return await scene.stack.destroy();
  });
  await told.take("stuck/refused", {}, async (scene) => {
    await deployed(scene, 24);
    const then = { kind: "partial", documents: 22, reason: "the document is locked by its owner" } as const;
    scene.emulator.addFault({ match: { method: "DELETE" }, then });
    const none = { kind: "partial", documents: 0, reason: "not allowed" } as const;
    scene.emulator.addFault({ match: { method: "DELETE" }, times: Infinity, then: none });
    return await scene.stack.destroy();
  });
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

/** What the provider says in a folder without the package. */
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
