import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator, EmulatorOptions } from "../../emulator/index";
import { type Ended, temporaryFolder } from "../emulator/support/process";
import { start } from "../emulator/support/running";
import { commandLine } from "./clients";

const seed = { containers: { "pr-42": 2, bystander: 1 } };

describe("the official command line", () => {
  test("adds a text", async () => {
    const { emulator } = await start({ seed });
    const { code } = await supermemory(emulator, "add", "hello there", "--tag", "pr-43", "--id", "mine");
    expect(code).toBe(0);
    expect(emulator.documents("pr-43")).toMatchObject([{ content: "hello there", customId: "mine" }]);
  });

  test("uploads a file", async () => {
    const { emulator } = await start({ seed });
    const file = join(temporaryFolder(), "notes.md");
    writeFileSync(file, "# Notes\r\n\r\nwith blank lines\n");
    expect((await supermemory(emulator, "add", file, "--tag", "pr-43")).code).toBe(0);
    expect(emulator.documents("pr-43")).toMatchObject([
      { title: "notes.md", content: "# Notes\r\n\r\nwith blank lines\n" },
    ]);
  });

  test("creates, lists, describes and deletes tags", async () => {
    const { emulator } = await start({ seed });
    await supermemory(emulator, "tags", "create", "pr-43", "--name", "Pull request");
    const listed = await supermemory(emulator, "tags", "list", "--json");
    const described = await supermemory(emulator, "tags", "info", "pr-43", "--json");
    await supermemory(emulator, "tags", "delete", "pr-42", "--yes");
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
    const unknown = await supermemory(emulator, "tags", "list", { key: "other" });
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toContain("Unauthorized");
    const member = await start({ seed, apiKeys: [{ key: "member", role: "member" }] } satisfies EmulatorOptions);
    const refused = await supermemory(member.emulator, "tags", "delete", "pr-42", "--yes");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("permission_denied");
    expect(member.emulator.containers()).toEqual(seed.containers);
  });
});

/** The command line with the emulator's first key, or another one. */
function supermemory(emulator: Emulator, ...args: readonly (string | { readonly key: string })[]): Promise<Ended> {
  const words = args.filter((arg) => typeof arg === "string");
  const other = args.find((arg) => typeof arg === "object");
  return commandLine({ url: emulator.url, apiKey: other?.key ?? emulator.apiKey }, ...words);
}
