import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import { z } from "zod";
import { OneResourceStack, urnOfMemory } from "../support/host-stack";
import { openProvider } from "../support/host-calls";
import { startEmulator } from "../support/host-emulator";
import { emptyFolder } from "../support/host-process";

const args = { containerTags: ["pr-42"] };
let folder = "";

beforeEach(() => {
  folder = emptyFolder();
});

describe("the published schema describes the receipt of a purge that", () => {
  test("is complete", async () => {
    const stack = new OneResourceStack(await startEmulator({ "pr-42": 5 }), options());
    await stack.up(args);
    await stack.destroy();
    expect(validReceipts()).toMatchObject([
      { result: "complete", deletedCount: 5 },
      { result: "complete", events: ["delete"], deletedCount: 0 },
    ]);
  });

  test("is incomplete", async () => {
    const then = { kind: "serverError", status: 403 } as const;
    const faults = [{ match: { method: "DELETE", containerTag: "b" }, then }] as const;
    const stack = new OneResourceStack(await startEmulator({ a: 2, b: 3 }, { faults }), options());
    await stack.up({ containerTags: ["a", "b"] });
    expect(validReceipts()).toMatchObject([
      { result: "incomplete", deletedByTag: { a: 2, b: 0 }, pending: [{ containerTag: "b", event: "create" }] },
    ]);
  });

  test("is refused", async () => {
    const stack = new OneResourceStack(await startEmulator({ "pr-42": 5 }), options());
    await stack.up({ ...args, maxDeletions: 1 });
    expect(validReceipts()).toMatchObject([{ result: "refused", planned: 5, remainingByTag: {} }]);
  });

  test("failed before it began", async () => {
    const stack = new OneResourceStack(await startEmulator({ "pr-42": 5 }), options());
    await stack.up(args, { SUPERMEMORY_API_KEY: "sm_wrong_key" });
    expect(validReceipts()).toMatchObject([{ result: "failed", planned: null }]);
  });

  test("is skipped", async () => {
    const stack = new OneResourceStack(await startEmulator({ "pr-42": 5 }), options());
    await stack.up(args, { SUPERMEMORY_PURGE: "skip" });
    expect(validReceipts()).toMatchObject([{ result: "skipped", error: null }]);
  });

  test("deletes whole containers", async () => {
    const emulator = await startEmulator({});
    emulator.seed({ containers: { "pr-42": { documents: 4, memories: 2 } } });
    const stack = new OneResourceStack(emulator, options());
    await stack.up({ ...args, scope: "container" });
    expect(validReceipts()).toMatchObject([{ result: "complete", deletedCount: 4, deletedMemories: 2 }]);
  });

  test("keeps documents", async () => {
    const stack = new OneResourceStack(await startEmulator({ "pr-42": 5 }), options());
    await stack.up({ ...args, select: { status: "failed" } });
    expect(validReceipts()).toMatchObject([{ deletedCount: 0, kept: [{ containerTag: "pr-42", documents: 5 }] }]);
  });

  test("keeps a container that another resource manages", async () => {
    const emulator = await startEmulator({ a: 2, b: 3 });
    const stack = new OneResourceStack(emulator, options());
    await stack.up({ containerTags: ["a", "b"], purgeOn: ["delete"] });
    const env = { ...options().env, SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
    const provider = openProvider({ ...options(), env });
    const other = { containerTags: ["b"], purgeOn: ["delete"], __urn: `${urnOfMemory}2`, __provider: "text" };
    await provider.check({}, other);
    await provider.delete("id", stack.outputs);
    expect(validReceipts()).toMatchObject([
      { deletedByTag: { a: 2 }, kept: [{ containerTag: "b", documents: null, reason: `claimed by ${urnOfMemory}2` }] },
    ]);
  });
});

describe("the published schema", () => {
  test("knows the event of policies", async () => {
    expect(problemWith({ ...(await oneReceipt()), events: ["policy"] })).toBeNull();
  });

  test.each([
    ["without its numbers", { deletedCount: undefined }],
    ["with a result that is none", { result: "done" }],
    ["with a negative number", { requests: -1 }],
    ["with an unknown event", { events: ["never"] }],
    ["of another format", { schema: 2 }],
  ])("does not take a receipt %s", async (_, change) => {
    expect(problemWith({ ...(await oneReceipt()), ...change })).not.toBeNull();
  });

  test("takes receipts of later versions, which may say more", async () => {
    expect(problemWith({ ...(await oneReceipt()), more: 1 })).toBeNull();
  });
});

/** A path is taken from the folder of the program. */
function options() {
  return { cwd: folder, env: { SUPERMEMORY_RECEIPTS: "receipts.jsonl" } };
}

async function oneReceipt(): Promise<Readonly<Record<string, unknown>>> {
  await new OneResourceStack(await startEmulator({ "pr-42": 5 }), options()).up(args);
  return z.record(z.string(), z.unknown()).parse(validReceipts()[0]);
}

/** The receipts so far, each of which fits the schema and holds nothing that it does not describe. */
function validReceipts(): readonly unknown[] {
  const lines = readFileSync(join(folder, "receipts.jsonl"), "utf8").trimEnd().split("\n");
  const receipts = lines.map((line): unknown => JSON.parse(line));
  expect(receipts.map((receipt) => problemWith(receipt, closed(schema)))).toEqual(receipts.map(() => null));
  return receipts;
}

const schema: unknown = JSON.parse(readFileSync(resolve(__dirname, "../../../schemas/receipt-1.json"), "utf8"));

function problemWith(receipt: unknown, wanted = schema): string | null {
  const ajv = new Ajv({ allowUnionTypes: true });
  const validate = ajv.compile(z.record(z.string(), z.unknown()).parse(wanted));
  return validate(receipt) ? null : ajv.errorsText(validate.errors);
}

/** The same schema, for which a property that it does not describe is an error. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== "object" || part === null) return part;
  const inner = Object.fromEntries(Object.entries(part).map(([name, value]) => [name, closed(value)]));
  return typeof inner["properties"] === "object" ? { additionalProperties: false, ...inner } : inner;
}
