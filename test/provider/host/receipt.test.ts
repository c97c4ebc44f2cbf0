import { tmpdir } from "node:os";
import { join } from "node:path";
import { numbersOf, writeReceipt } from "../../../provider/host/receipt";
import { emptyFolder } from "../support/host-process";
import { receipt, receiptsIn } from "../support/host-receipts";
import { expectSound, purgeTags, startWorld } from "../support/world";

test("the numbers of a receipt are those of the purge", async () => {
  const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 7 } });
  const outcome = await purgeTags(world, ["pr-42", "pr-43"]);
  expect(numbersOf(outcome, { planned: 12, requests: 6, durationMs: 40 })).toEqual({
    planned: 12,
    deletedCount: 12,
    deletedMemories: 0,
    deletedByTag: { "pr-42": 5, "pr-43": 7 },
    remainingByTag: { "pr-42": 0, "pr-43": 0 },
    estimated: false,
    requests: 6,
    durationMs: 40,
  });
  expectSound(world, 12);
});

test("without an outcome nothing was deleted", () => {
  const known = { planned: null, requests: 0, durationMs: 0 };
  const nothing = { deletedCount: 0, deletedMemories: 0, deletedByTag: {}, remainingByTag: {}, estimated: false };
  expect(numbersOf(undefined, known)).toEqual({ ...known, ...nothing });
});

test("receipts are appended, one line of JSON each", () => {
  const folder = emptyFolder();
  const path = join(folder, "receipts.jsonl");
  const other = { ...receipt, error: "two\nlines" };
  writeReceipt(receipt, "receipts.jsonl", folder);
  writeReceipt(other, path, "/");
  expect(receiptsIn(path)).toEqual([receipt, other]);
});

test("a receipt that cannot be written is an error", () => {
  expect(() => {
    writeReceipt(receipt, "no/such/folder/receipts.jsonl", tmpdir());
  }).toThrow("ENOENT");
});
