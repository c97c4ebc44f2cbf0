import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numbersOf, type Receipt, writeReceipt } from "../../../provider/host/receipt";
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
  expect(numbersOf(undefined, none)).toEqual({
    ...none,
    deletedCount: 0,
    deletedMemories: 0,
    deletedByTag: {},
    remainingByTag: {},
    estimated: false,
  });
});

test("receipts are appended, one line of JSON each", () => {
  const folder = mkdtempSync(join(tmpdir(), "receipt-"));
  try {
    writeReceipt(receipt, "receipts.jsonl", folder);
    writeReceipt({ ...receipt, error: "two\nlines" }, join(folder, "receipts.jsonl"), "/");
    const lines = readFileSync(join(folder, "receipts.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([receipt, { ...receipt, error: "two\nlines" }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a receipt that cannot be written is an error", () => {
  expect(() => {
    writeReceipt(receipt, "no/such/folder/receipts.jsonl", tmpdir());
  }).toThrow("ENOENT");
});

const none = { planned: null, requests: 0, durationMs: 0 };

const receipt: Receipt = {
  schema: 1,
  time: "2026-01-01T00:00:00.000Z",
  urn: null,
  result: "failed",
  events: ["create"],
  containerTags: ["pr-42"],
  ...numbersOf(undefined, none),
  kept: [],
  pending: [],
  apiHost: "api.supermemory.ai",
  apiVersion: "v3",
  packageVersion: "0.1.0",
  error: null,
};
