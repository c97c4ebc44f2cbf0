import { join } from "node:path";
import { containing, matching } from "../support/host-matchers";
import { deployed, startStack } from "../support/host-stack";
import { mutations, sent } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";
import { receiptsIn } from "../support/host-receipts";

const args = { containerTags: ["pr-42"] };
const managed = { ...args, purgeOn: ["delete"] };
const skip = { SUPERMEMORY_PURGE: "skip" };
const pending = [{ containerTag: "pr-42", event: "create" }];

describe("SUPERMEMORY_PURGE=skip", () => {
  test("makes create record all tags as pending, as the preview announces, until an up without it purges them", async () => {
    const { emulator, stack } = await startStack({ "pr-42": 5 });
    const later = "in pr-42; the next pulumi up resumes this purge";
    expect((await stack.preview(args, skip)).lines).toEqual([
      `warning: SUPERMEMORY_PURGE=skip: nothing will be deleted ${later}`,
    ]);
    const { error, lines } = await stack.up(args, skip);
    expect([error, lines]).toEqual([undefined, [`warning: SUPERMEMORY_PURGE=skip: nothing was deleted ${later}`]]);
    expect(stack.outputs).toMatchObject({ deletedCount: 0, lastPurgedAt: null, pending });
    await stack.up(args, skip);
    expect(stack.outputs).toMatchObject({ pending });
    expect(sent(emulator)).toEqual([]);
    expect((await stack.up(args)).changes).toBe(true);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, pending: [] });
  });

  test("makes update record all that it would have purged, removals included, and leave the rest", async () => {
    const old = { containerTags: ["pr-42", "old"] };
    const { before, emulator, stack } = await deployed({ "pr-42": 5, old: 2, cache: 4 }, old);
    const news = { containerTags: ["pr-42", "cache"] };
    await stack.up(news, skip);
    const left = [
      { containerTag: "cache", event: "create" },
      { containerTag: "old", event: "delete" },
    ];
    expect(stack.outputs).toEqual({ ...before, ...news, documentCount: null, pending: left });
    expect(emulator.containers()).toMatchObject({ cache: 4 });
    await stack.up(news);
    expect(stack.outputs).toMatchObject({ pending: [], deletedByTag: { cache: 4, old: 0 } });
  });

  test("makes delete purge nothing, warn, write a receipt and succeed, without a key", async () => {
    const { emulator, requests, stack } = await deployed({ "pr-42": 5 }, managed);
    const file = join(emptyFolder(), "receipts.jsonl");
    const env = { ...skip, SUPERMEMORY_API_KEY: undefined, SUPERMEMORY_RECEIPTS: file };
    const { error, lines } = await stack.destroy(env);
    const line =
      "warning: SUPERMEMORY_PURGE=skip: nothing was deleted in pr-42; the resource is removed from the stack, and this purge will not be resumed";
    expect([error, stack.stored, lines]).toEqual([undefined, undefined, [line]]);
    expect(receiptsIn(file)).toMatchObject([{ result: "skipped", events: ["delete"], ...args, deletedCount: 0 }]);
    expect(emulator.requests.length).toBe(requests);
    expect(emulator.containers()).toMatchObject({ "pr-42": 5 });
  });

  const noReceipt = matching(/^warning: no receipt was written: SUPERMEMORY_BASE_URL has an invalid value/);

  test.each([
    [{}, []],
    [{ SUPERMEMORY_RECEIPTS: "receipts.jsonl" }, [noReceipt]],
  ])(
    "succeeds although the configuration is invalid, and reports whether there is a receipt: %j",
    async (env, more) => {
      const { emulator, stack } = await deployed({ "pr-42": 5 }, managed);
      const { error, lines } = await stack.destroy({ ...skip, SUPERMEMORY_BASE_URL: "nonsense", ...env });
      expect([error, stack.stored]).toEqual([undefined, undefined]);
      expect(lines).toEqual([containing("nothing was deleted in pr-42"), ...more]);
      expect(mutations(emulator)).toEqual([]);
    },
  );
});

test.each(["Skip", "1", "skip,all"])(
  "SUPERMEMORY_PURGE=%s deletes nothing in create, update and delete",
  async (value) => {
    const { emulator, stack } = await startStack({ "pr-42": 5, more: 2 });
    const env = { SUPERMEMORY_PURGE: value };
    const problem = `SUPERMEMORY_PURGE has an invalid value: "${value}"; nothing was deleted\nset it to "skip", or unset it`;
    expect((await stack.up(args, env)).error).toBe(problem);
    await stack.up(managed);
    expect((await stack.up({ containerTags: ["pr-42", "more"], purgeOn: ["create"] }, env)).error).toBe(problem);
    expect((await stack.destroy(env)).error).toBe(problem);
    expect([mutations(emulator), emulator.containers()]).toMatchObject([[], { "pr-42": 5, more: 2 }]);
  },
);
