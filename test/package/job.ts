import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator";
import { readReceipts } from "../demo/receipts";
import { embeddedEngineOn, type EngineStack, type Run } from "../engine";
import { openEmulator } from "../wire/emulator";
import { expectDocumented } from "../wire/expect-documented";
import { tailOf } from "./command";
import type { Row } from "./matrix";

/** The number of documents that each purge of a row deletes. */
const documents = { atCreate: 24, atDelete: 17 };

const tag = "pr-42";
const bystander = "pr-420";
const limitMs = 180_000;

/**
 * Creates and deletes the program's ContainerPurge with the dynamic-provider server of the installed SDK. Compares the
 * outputs with an emulator, and the requests with the vendor's documents when they are available.
 *
 * @throws Error that names the difference
 */
export async function doJob(row: Row, programDir: string, { runtimes, stop }: JobOptions): Promise<void> {
  const emulator = await openEmulator({ seed: { containers: { [tag]: documents.atCreate, [bystander]: 9 } } });
  const stateDir = join(programDir, ".state");
  mkdirSync(stateDir);
  const receipts = join(stateDir, "receipts.jsonl");
  const stack = await embeddedEngineOn(runtimes).open({
    ...{ projectDir: programDir, stack: tag, stateDir },
    env: {
      SUPERMEMORY_API_KEY: emulator.apiKey,
      SUPERMEMORY_BASE_URL: emulator.url,
      SUPERMEMORY_RECEIPTS: receipts,
    },
  });
  try {
    const untouched = emulator.documents(bystander);
    if (row.refusal === undefined) await createAndDelete(row, stack, { emulator, receipts, stop });
    else await refused(row.refusal, stack, { emulator, stop });
    assert.deepEqual(emulator.documents(bystander), untouched, "the documents of another container");
    expectDocumented();
  } finally {
    await stack.close();
    await emulator.close();
  }
}

interface JobOptions {
  readonly runtimes: Parameters<typeof embeddedEngineOn>[0];
  readonly stop: AbortSignal;
}

interface Account {
  readonly emulator: Emulator;
  readonly receipts: string;
  readonly stop: AbortSignal;
}

async function createAndDelete({ program, node }: Row, stack: EngineStack, { emulator, receipts, stop }: Account) {
  const { atCreate, atDelete } = documents;
  succeeded(await stack.up(bounded(stop)));
  const runtime = program.runtime === "bun" ? program.words.replace("Bun ", "") : node;
  assert.deepEqual(await stack.outputs(), { deletedCount: atCreate, runtime });
  assert.equal(emulator.containers()[tag], 0, "documents after the create");
  emulator.seed({ containers: { [tag]: atDelete } });
  succeeded(await stack.destroy(bounded(stop)));
  assert.equal(emulator.containers()[tag], 0, "documents after the delete");
  assert.deepEqual(
    readReceipts(receipts).map(({ result, deletedCount, containerTags }) => ({ result, deletedCount, containerTags })),
    [atCreate, atDelete].map((deletedCount) => ({ result: "complete", deletedCount, containerTags: [tag] })),
  );
}

async function refused(message: string, stack: EngineStack, { emulator, stop }: Omit<Account, "receipts">) {
  const run = await stack.up(bounded(stop));
  assert.equal(run.ok, false, "the SDK runs this program now: remove the refusal from the row");
  assert.ok(run.output.includes(message), `the SDK failed in another way:\n${tailOf(run.output)}`);
  assert.deepEqual(emulator.ledger, []);
}

/** Like Ctrl-C after the limit, and a second Ctrl-C soon after. Like both when the run is stopped. */
function bounded(stop: AbortSignal) {
  const within = (ms: number) => AbortSignal.any([stop, AbortSignal.timeout(ms)]);
  return { signal: within(limitMs), secondSignal: within(limitMs + 20_000) };
}

function succeeded({ ok, output }: Run): void {
  if (!ok) throw new Error(tailOf(output));
}
