import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OneResourceStack, urnOfMemory } from "../support/host-stack";
import { startEmulator } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";
import { containing } from "../support/host-matchers";
import { version } from "../../../provider/host/version";

const args = { containerTags: ["pr-42"] };
let folder = "";

beforeEach(() => {
  folder = emptyFolder();
});

describe("a receipt", () => {
  test("says what one purge did, in one line of JSON", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    await new OneResourceStack(emulator, options()).up(args);
    expect(receipts()).toEqual([
      {
        schema: 1,
        time: "2026-01-31T12:00:00.000Z",
        urn: urnOfMemory,
        result: "complete",
        events: ["create"],
        containerTags: ["pr-42"],
        planned: 5,
        deletedCount: 5,
        deletedByTag: { "pr-42": 5 },
        remainingByTag: { "pr-42": 0 },
        estimated: false,
        kept: [],
        pending: [],
        requests: 3,
        deletedMemories: 0,
        durationMs: 0,
        apiHost: new URL(emulator.url).host,
        apiVersion: "v3",
        packageVersion: version,
        error: null,
      },
    ]);
  });

  test("is appended for each purge, from create to destroy, and only for purges", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, options());
    await stack.preview(args);
    await stack.up(args);
    await stack.up({ ...args, timeout: "1m" });
    await stack.refresh();
    emulator.seed({ containers: { "pr-42": 2 } });
    await stack.destroy();
    expect(receipts()).toMatchObject([
      { events: ["create"], deletedCount: 5 },
      { events: ["delete"], deletedCount: 2 },
    ]);
  });

  test("tells of a refusal, and that nothing was deleted", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    await new OneResourceStack(emulator, options()).up({ ...args, maxDeletions: 1 });
    expect(receipts()).toMatchObject([
      { result: "refused", planned: 5, requests: 1, deletedCount: 0, error: containing("more than maxDeletions (1)") },
    ]);
  });

  test("tells what a failed delete did and what remains, since its state cannot", async () => {
    const fault = {
      match: { method: "DELETE", containerTag: "b" },
      then: { kind: "serverError", status: 403 },
    } as const;
    const emulator = await startEmulator({ a: 2, b: 3 }, { faults: [fault] });
    const stack = new OneResourceStack(emulator, options());
    await stack.up({ containerTags: ["a", "b"], purgeOn: ["delete"] });
    await stack.destroy();
    expect(receipts()).toMatchObject([
      {
        result: "incomplete",
        planned: 5,
        deletedCount: 2,
        deletedByTag: { a: 2, b: 0 },
        remainingByTag: { a: 0, b: 3 },
        pending: [{ containerTag: "b", event: "delete" }],
        error: containing("deleted 2 of 5 documents"),
      },
    ]);
  });

  test("never holds the key", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, options());
    await stack.up(args, { SUPERMEMORY_API_KEY: "sm_wrong_key" });
    await stack.up(args);
    expect(receipts()).toMatchObject([{ result: "failed" }, { result: "complete" }]);
    expect(text()).not.toContain("sm_wrong_key");
    expect(text()).not.toContain(emulator.apiKey);
  });

  test("that cannot be written is a warning, and the purge stands", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, { ...options(), env: { SUPERMEMORY_RECEIPTS: "no/such/folder" } });
    const { error, lines } = await stack.up(args);
    expect(error).toBeUndefined();
    expect(lines.at(-1)).toMatch(/^warning: the receipt could not be written: .*ENOENT/);
    expect(stack.outputs).toMatchObject({ deletedCount: 5 });
  });
});

describe("receipts: github", () => {
  test("writes a row for each purge to the summary of the step, and no JSON", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, onGitHub());
    await stack.up(args);
    emulator.seed({ containers: { "pr-42": 2 } });
    await stack.destroy();
    const rows = text("summary.md")
      .split("\n")
      .filter((line) => line.startsWith("| shop/dev "));
    expect(rows).toEqual([
      "| shop/dev | memory | create | `pr-42` | 5 | 5 | 0 | complete in 0.0 s |",
      "| shop/dev | memory | delete | `pr-42` | 2 | 2 | 0 | complete in 0.0 s |",
    ]);
    expect(readdirSync(folder)).toEqual(["summary.md"]);
  });

  test("can be set in the configuration", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const { env, ...rest } = onGitHub();
    const config = { "supermemory:receipts": "github" };
    await new OneResourceStack(emulator, { ...rest, config, env: { ...env, SUPERMEMORY_RECEIPTS: "" } }).up(args);
    expect(text("summary.md")).toContain("| create | `pr-42` | 5 | 5 | 0 |");
  });

  test("never shows the key", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, onGitHub());
    await stack.up(args, { SUPERMEMORY_API_KEY: "sm_wrong_key" });
    await stack.up(args);
    expect(text("summary.md")).toMatch(/\*\*failed\*\*.*\n.*complete/);
    expect(text("summary.md")).not.toContain("sm_wrong_key");
    expect(text("summary.md")).not.toContain(emulator.apiKey);
  });

  test("is a warning where GitHub names no file, and the purge stands", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator, { cwd: folder, env: { SUPERMEMORY_RECEIPTS: "github" } });
    const { error, lines } = await stack.up(args);
    expect(error).toBeUndefined();
    expect(lines.at(-1)).toBe(
      'warning: the receipt could not be written: receipts is "github", but GITHUB_STEP_SUMMARY is not set\nrun this in a step of GitHub Actions, or set receipts to a file',
    );
    expect(stack.outputs).toMatchObject({ deletedCount: 5 });
  });
});

/** A path is taken from the folder of the program. */
function options() {
  return { cwd: folder, env: { SUPERMEMORY_RECEIPTS: "receipts.jsonl" } };
}

function onGitHub() {
  return { cwd: folder, env: { SUPERMEMORY_RECEIPTS: "github", GITHUB_STEP_SUMMARY: join(folder, "summary.md") } };
}

function text(file = "receipts.jsonl"): string {
  return readFileSync(join(folder, file), "utf8");
}

function receipts(): readonly unknown[] {
  return text()
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}
