import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OneResourceStack } from "../support/host-stack";
import { mutations, sent, startEmulator } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";

const args = { containerTags: ["pr-42"] };
const skip = { SUPERMEMORY_PURGE: "skip" };

describe("SUPERMEMORY_PURGE=skip", () => {
  test("makes create record all tags as pending, and the next up purge them", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    const { error, lines } = await stack.up(args, skip);
    expect([error, lines]).toEqual([
      undefined,
      ["warning: SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42; the next pulumi up resumes this purge"],
    ]);
    expect(stack.outputs).toMatchObject({
      deletedCount: 0,
      lastPurgedAt: null,
      pending: [{ containerTag: "pr-42", event: "create" }],
    });
    expect(sent(emulator)).toEqual([]);
    expect((await stack.up(args)).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, pending: [] });
  });

  test("makes update record all that it would have purged, removals included, and leave the rest", async () => {
    const emulator = await startEmulator({ "pr-42": 5, old: 2, cache: 4 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ containerTags: ["pr-42", "old"] });
    const before = stack.outputs;
    await stack.up({ containerTags: ["pr-42", "cache"] }, skip);
    expect(stack.outputs).toEqual({
      ...before,
      containerTags: ["pr-42", "cache"],
      documentCount: null,
      pending: [
        { containerTag: "cache", event: "create" },
        { containerTag: "old", event: "delete" },
      ],
    });
    expect(emulator.containers()).toMatchObject({ cache: 4 });
    await stack.up({ containerTags: ["pr-42", "cache"] });
    expect(stack.outputs).toMatchObject({ pending: [], deletedByTag: { cache: 4, old: 0 } });
  });

  test("keeps what was pending before as pending", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(args, skip);
    await stack.up(args, skip);
    expect(stack.outputs).toMatchObject({ pending: [{ containerTag: "pr-42", event: "create" }] });
  });

  test("lets the stack go also when the configuration is broken", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...args, purgeOn: ["delete"] });
    const { error, lines } = await stack.destroy({ ...skip, SUPERMEMORY_BASE_URL: "nonsense" });
    expect([error, stack.stored]).toEqual([undefined, undefined]);
    expect(lines).toEqual([expect.stringContaining("SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42")]);
    expect(mutations(emulator)).toEqual([]);
  });

  test("says so when a broken configuration keeps the receipt from being written", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...args, purgeOn: ["delete"] });
    const broken = { SUPERMEMORY_BASE_URL: "nonsense", SUPERMEMORY_RECEIPTS: "receipts.jsonl" };
    const { lines } = await stack.destroy({ ...skip, ...broken });
    expect(lines.at(-1)).toMatch(/^warning: no receipt was written: SUPERMEMORY_BASE_URL has an invalid value/);
  });

  test("makes delete purge nothing, say so, write a receipt and let the stack go, without a key", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...args, purgeOn: ["delete"] });
    const requests = emulator.requests.length;
    const file = join(emptyFolder(), "receipts.jsonl");
    const { error, lines } = await stack.destroy({
      ...skip,
      SUPERMEMORY_API_KEY: undefined,
      SUPERMEMORY_RECEIPTS: file,
    });
    const receipt: unknown = JSON.parse(readFileSync(file, "utf8"));
    expect([error, stack.stored, lines]).toEqual([
      undefined,
      undefined,
      [
        "warning: SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42; the resource is removed from the stack, and this purge will not be resumed",
      ],
    ]);
    expect(receipt).toMatchObject({ result: "skipped", events: ["delete"], containerTags: ["pr-42"], deletedCount: 0 });
    expect(emulator.requests.length).toBe(requests);
    expect(emulator.containers()).toMatchObject({ "pr-42": 5 });
  });

  test("is told in the preview, which then counts nothing", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const { lines } = await new OneResourceStack(emulator).preview(args, skip);
    expect(lines).toEqual([
      "warning: SUPERMEMORY_PURGE=skip: nothing will be deleted in pr-42; the next pulumi up resumes this purge",
    ]);
    expect(sent(emulator)).toEqual([]);
  });

  test("is not set when it is blank", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const { error } = await new OneResourceStack(emulator).up(args, { SUPERMEMORY_PURGE: " " });
    expect([error, emulator.containers()["pr-42"]]).toEqual([undefined, 0]);
  });
});
