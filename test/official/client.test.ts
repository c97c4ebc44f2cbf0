import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Supermemory from "supermemory";
import { z } from "zod";
import { temporaryFolder } from "../emulator/support/process";
import { start } from "../emulator/support/running";
import { commandLine, officialVersion } from "./clients";

const seed = { containers: { "pr-42": 2, bystander: 1 } };
type Call = (client: Supermemory) => Promise<unknown>;

/** Calls of the client that the emulator does not support. */
const notEmulated: readonly (readonly [route: string, call: Call])[] = [
  ["GET /v3/settings", (client) => client.settings.get()],
  ["PATCH /v3/settings", (client) => client.settings.update({})],
  ["POST /v4/search", (client) => client.search({ q: "anything" })],
  ["DELETE /v4/memories", (client) => client.memories.forget({ containerTag: "pr-42", id: "a" })],
  ["POST /v3/connections/list", (client) => client.connections.list({})],
  ["POST /v4/profile", (client) => client.profile({ containerTag: "pr-42" })],
];

describe("the official client", () => {
  test("has the version that the tests name, and includes the command line", async () => {
    const { emulator } = await start();
    const file = join(dirname(require.resolve("supermemory")), "package.json");
    const { bin, version } = z
      .looseObject({ version: z.string(), bin: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(file, "utf8")));
    expect([version, bin]).toEqual([officialVersion, { supermemory: "./bin/cli" }]);
    expect((await commandLine(emulator, "--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each(notEmulated)("gets a 404 that names %s as unsupported", async (route, call) => {
    const { client, emulator } = await start({ seed });
    const error: unknown = await call(client).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Supermemory.NotFoundError);
    expect(String(error)).toContain(`no route ${route}`);
    expect(emulator.containers()).toEqual(seed.containers);
  });
});

describe("the official command line", () => {
  test("adds a text", async () => {
    const { emulator } = await start({ seed });
    const { code } = await commandLine(emulator, "add", "hello there", "--tag", "pr-43", "--id", "mine");
    expect(code).toBe(0);
    expect(emulator.documents("pr-43")).toMatchObject([{ content: "hello there", customId: "mine" }]);
  });

  test("uploads a file", async () => {
    const { emulator } = await start({ seed });
    const file = join(temporaryFolder(), "notes.md");
    const content = "# Notes\r\n\r\nwith blank lines\n";
    writeFileSync(file, content);
    expect((await commandLine(emulator, "add", file, "--tag", "pr-43")).code).toBe(0);
    expect(emulator.documents("pr-43")).toMatchObject([{ title: "notes.md", content }]);
  });

  test("creates, lists, describes and deletes tags", async () => {
    const { emulator } = await start({ seed });
    await commandLine(emulator, "tags", "create", "pr-43", "--name", "Pull request");
    const listed = await commandLine(emulator, "tags", "list", "--json");
    const described = await commandLine(emulator, "tags", "info", "pr-43", "--json");
    await commandLine(emulator, "tags", "delete", "pr-42", "--yes");
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { containerTag: "pr-42", documentCount: 2 },
      { containerTag: "bystander", documentCount: 1 },
      { containerTag: "pr-43", documentCount: 0 },
    ]);
    expect(JSON.parse(described.stdout)).toMatchObject({ containerTag: "pr-43", name: "Pull request" });
    expect(emulator.containers()).toEqual({ bystander: 1, "pr-43": 0 });
  });

  test("fails with the reason for an unknown key and for a key without the permission", async () => {
    const { emulator } = await start({ seed });
    const unknown = await commandLine({ url: emulator.url, apiKey: "other" }, "tags", "list");
    expect([unknown.code === 0, unknown.stderr]).toEqual([false, expect.stringContaining("Unauthorized")]);
    const member = await start({ seed, apiKeys: [{ key: "member", role: "member" }] });
    const refused = await commandLine(member.emulator, "tags", "delete", "pr-42", "--yes");
    expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining("permission_denied")]);
    expect(member.emulator.containers()).toEqual(seed.containers);
  });
});
