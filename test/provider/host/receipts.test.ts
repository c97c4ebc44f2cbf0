import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import { z } from "zod";
import { deployed, startStack, urnOfMemory } from "../support/host-stack";
import { openProvider } from "../support/host-calls";
import { emptyFolder } from "../support/host-process";
import { receiptsIn } from "../support/host-receipts";
import { containing, matching } from "../support/host-matchers";
import { version } from "../../../provider/host/version";

const args = { containerTags: ["pr-42"] };
const both = { containerTags: ["a", "b"] };
const five = { "pr-42": 5 };
const deleteOfB = { method: "DELETE", containerTag: "b" } as const;
const faults = [{ match: deleteOfB, then: { kind: "serverError", status: 403 } }] as const;
const nothing = { deletedCount: 0, deletedMemories: 0, deletedByTag: {}, remainingByTag: {}, estimated: false };
const refused = { result: "refused", planned: 5, requests: 1, ...nothing };
let cwd = "";

beforeEach(() => {
  cwd = emptyFolder();
});

describe("a receipt", () => {
  test("reports one purge in one line of JSON", async () => {
    const { emulator } = await deployed(five, args, options());
    expect(validReceipts()).toEqual([
      {
        ...{ schema: 1, time: "2026-01-31T12:00:00.000Z", urn: urnOfMemory, result: "complete" },
        ...{ events: ["create"], containerTags: ["pr-42"], planned: 5, deletedCount: 5, deletedMemories: 0 },
        ...{
          deletedByTag: { "pr-42": 5 },
          goneWithoutResponse: 0,
          remainingByTag: { "pr-42": 0 },
          estimated: false,
          kept: [],
          pending: [],
        },
        ...{ requests: 3, durationMs: 0, apiHost: new URL(emulator.url).host, apiVersion: "v3" },
        ...{ packageVersion: version, error: null },
      },
    ]);
  });

  test("is appended for each purge, from create to destroy, and only for purges", async () => {
    const { emulator, stack } = await startStack(five, options());
    await stack.preview(args);
    await stack.up(args);
    await stack.up({ ...args, timeout: "1m" });
    await stack.refresh();
    emulator.seed({ containers: { "pr-42": 2 } });
    await stack.destroy();
    expect(validReceipts()).toMatchObject([
      { events: ["create"], deletedCount: 5 },
      { events: ["delete"], deletedCount: 2 },
    ]);
  });

  test.each<[string, object, object, object]>([
    ["was refused, and why", { maxDeletions: 1 }, {}, { ...refused, error: containing("more than maxDeletions (1)") }],
    ["failed before it began", {}, { SUPERMEMORY_API_KEY: "sm_wrong_key" }, { result: "failed", planned: null }],
    ["was skipped", {}, { SUPERMEMORY_PURGE: "skip" }, { result: "skipped", error: null }],
    ["keeps documents", { select: { status: "failed" } }, {}, { deletedCount: 0, kept: [{ documents: 5 }] }],
    ["deletes containers", { scope: "container" }, {}, { result: "complete", deletedCount: 5, deletedMemories: 2 }],
  ])("reports a purge that %s", async (_what, how, env, receipt) => {
    const { stack } = await startStack({ "pr-42": { documents: 5, memories: 2 } }, options());
    await stack.up({ ...args, ...how }, { ...env });
    expect(validReceipts()).toMatchObject([receipt]);
  });

  test("reports what a failed delete did and what remains, because its state cannot", async () => {
    const { stack } = await deployed({ a: 2, b: 3 }, { ...both, purgeOn: ["delete"] }, { faults, ...options() });
    await stack.destroy();
    const pending = [{ containerTag: "b", event: "delete" }];
    const numbers = { planned: 5, deletedCount: 2, deletedByTag: { a: 2, b: 0 }, remainingByTag: { a: 0, b: 3 } };
    const error = containing("deleted 2 of 5 documents");
    expect(validReceipts()).toMatchObject([{ result: "incomplete", ...numbers, pending, error }]);
  });

  test("names the resource for which a container was kept", async () => {
    const { emulator, stack } = await deployed({ a: 2, b: 3 }, { ...both, purgeOn: ["delete"] }, options());
    const env = { ...options().env, SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
    const provider = openProvider({ cwd, env });
    const other = { containerTags: ["b"], purgeOn: ["delete"], __urn: `${urnOfMemory}2`, __provider: "text" };
    await provider.check({}, other);
    await provider.delete("id", stack.outputs);
    const kept = [{ containerTag: "b", documents: null, reason: `claimed by ${urnOfMemory}2` }];
    expect(validReceipts()).toMatchObject([{ deletedByTag: { a: 2 }, kept }]);
  });
});

test("receipts: github writes a row for each purge to the summary of the step, and no JSON", async () => {
  const { emulator, stack } = await deployed(five, args, onGitHub());
  emulator.seed({ containers: { "pr-42": 2 } });
  await stack.destroy();
  const rows = text("summary.md")
    .split("\n")
    .filter((line) => line.startsWith("| shop/dev "));
  expect(rows).toEqual([
    "| shop/dev | memory | create | `pr-42` | 5 | 5 | 0 | complete in 0.0 s |",
    "| shop/dev | memory | delete | `pr-42` | 2 | 2 | 0 | complete in 0.0 s |",
  ]);
  expect(readdirSync(cwd)).toEqual(["summary.md"]);
});

test.each([
  ["receipts.jsonl", /"failed".*\n.*"complete"/],
  ["summary.md", /\*\*failed\*\*.*\n.*complete/],
])("no key is ever in %s", async (file, results) => {
  const { emulator, stack } = await startStack(five, file === "summary.md" ? onGitHub() : options());
  await stack.up(args, { SUPERMEMORY_API_KEY: "sm_wrong_key" });
  await stack.up(args);
  expect(text(file)).toMatch(results);
  expect(text(file)).not.toContain("sm_wrong_key");
  expect(text(file)).not.toContain(emulator.apiKey);
});

test.each([
  ["no/such/folder", matching(/^warning: the receipt could not be written: .*ENOENT/)],
  [
    "github",
    'warning: the receipt could not be written: receipts is "github", but GITHUB_STEP_SUMMARY is not set\nrun this in a step of GitHub Actions, or set receipts to a file',
  ],
])("a receipt that cannot be written to %s is a warning, and the purge stands", async (path, warning) => {
  const { stack } = await startStack(five, { cwd, env: { SUPERMEMORY_RECEIPTS: path } });
  const { error, lines } = await stack.up(args);
  expect([error, lines.at(-1)]).toEqual([undefined, warning]);
  expect(stack.outputs).toMatchObject({ deletedCount: 5 });
});

test("a receipt that follows a torn one has a line of its own", async () => {
  writeFileSync(join(cwd, "receipts.jsonl"), '{"schema":1,"time":"2026-01-');
  await deployed(five, args, options());
  const [torn, whole, ...others] = text("receipts.jsonl").split("\n");
  expect([torn, others]).toEqual(['{"schema":1,"time":"2026-01-', [""]]);
  expect(problemWith(JSON.parse(whole ?? ""))).toBeNull();
});

const wherePipes = process.platform === "win32" ? test.skip : test;

wherePipes.each(["receipts.jsonl", "github"])(
  "a pipe that nothing reads is a warning for %s, and the purge stands",
  async (receipts) => {
    const pipe = join(cwd, "receipts.jsonl");
    execFileSync("mkfifo", [pipe]);
    const env = { SUPERMEMORY_RECEIPTS: receipts, GITHUB_STEP_SUMMARY: pipe };
    const { stack } = await startStack(five, { cwd, env });
    const { error, lines } = await stack.up(args);
    const warning = `warning: the receipt could not be written: nothing reads from the pipe ${pipe}`;
    expect([error, lines.at(-1)]).toEqual([undefined, warning]);
    expect(stack.outputs).toMatchObject({ deletedCount: 5 });
  },
);

describe("the published schema", () => {
  test.each([
    ["with the event of policies", { events: ["policy"] }],
    ["of a later version, with more properties", { more: 1 }],
  ])("accepts a receipt %s", async (_, change) => {
    expect(problemWith({ ...(await oneReceipt()), ...change })).toBeNull();
  });

  test.each([
    ["without its numbers", { deletedCount: undefined }],
    ["with an unknown result", { result: "done" }],
    ["with a negative number", { requests: -1 }],
    ["with an unknown event", { events: ["never"] }],
    ["of another format", { schema: 2 }],
  ])("rejects a receipt %s", async (_, change) => {
    expect(problemWith({ ...(await oneReceipt()), ...change })).not.toBeNull();
  });
});

function options() {
  return { cwd, env: { SUPERMEMORY_RECEIPTS: "receipts.jsonl" } };
}

function onGitHub() {
  return { cwd, env: { SUPERMEMORY_RECEIPTS: "github", GITHUB_STEP_SUMMARY: join(cwd, "summary.md") } };
}

function text(file: string): string {
  return readFileSync(join(cwd, file), "utf8");
}

async function oneReceipt(): Promise<Readonly<Record<string, unknown>>> {
  await deployed(five, args, options());
  return z.record(z.string(), z.unknown()).parse(validReceipts()[0]);
}

/** The receipts so far, each of which matches the schema and contains nothing else. */
function validReceipts(): readonly unknown[] {
  const receipts = receiptsIn(join(cwd, "receipts.jsonl"));
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
