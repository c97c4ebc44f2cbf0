/**
 * `npm run demo`: a stack makes a container, an application writes to it, and the destroy empties it. The same program
 * for the stack "production" is refused. Other containers of the emulated account are untouched. The engine is chosen as
 * `npm test` does.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chooseCli, cliEngine, embeddedEngine, type Engine, type EngineStack, type Run } from "../engine";
import { readReceipts } from "./receipts";
import { createPaint, table } from "./table";
import { openEmulator } from "../wire/emulator";

const project = resolve(__dirname, "shop");
const application = resolve(__dirname, "../../examples/ephemeral-environment/app.ts");
const others = { "shop:pr-43": 9, "shop:production": 31 };
const paint = createPaint(process.stdout);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const engine = chooseEngine(process.argv.slice(2));
  const emulator = await openEmulator();
  const folder = mkdtempSync(join(tmpdir(), "pulumi-supermemory-demo-"));
  const receipts = join(folder, "receipts.jsonl");
  const env = {
    SUPERMEMORY_API_KEY: emulator.apiKey,
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_RECEIPTS: receipts,
  };
  console.log(paint.bold("pulumi-supermemory demo"));
  console.log(`Supermemory: an emulator at ${emulator.url}\nPulumi: ${engine.words}`);
  const open = (name: string): Promise<EngineStack> =>
    engine.engine.open({ projectDir: project, stack: name, stateDir: folder, env });
  const stacks: EngineStack[] = [];
  try {
    const write = async (tag: string, documents: number): Promise<void> => {
      console.log(await runApplication(tag, documents, env));
    };
    title("other environments exist");
    for (const [tag, documents] of Object.entries(others)) await write(tag, documents);
    const stack = await open("pr-42");
    stacks.push(stack);
    await command("pulumi up --yes", (options) => stack.up({ ...options, skipPreview: true }));
    const { containerTag } = await stack.outputs();
    title("the application writes to the stack's container");
    const tag = String(containerTag);
    await write(tag, 24);
    const before = emulator.containers();
    const production = await open("production");
    stacks.push(production);
    const refused = await command(
      "pulumi preview --stack production",
      (options) => production.preview(options),
      "the same program for production is refused",
    );
    await command("pulumi destroy --yes", (options) => stack.destroy({ ...options, skipPreview: true }));
    const after = emulator.containers();

    const rows = Object.entries(before).map(([name, documents]) => {
      const left = after[name] ?? 0;
      return [name, String(documents), String(left), left === documents ? "untouched" : "emptied"];
    });
    const deleted = readReceipts(receipts).at(-1)?.deletedCount;
    console.log(
      `\n${table(["container", "before destroy", "after destroy", ""], rows, paint)}\n\n` +
        `destroy: deletedCount ${String(deleted)} · ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    const asPromised =
      before[tag] === 24 &&
      deleted === 24 &&
      after[tag] === 0 &&
      refused.output.includes('contains the protected segment "production"') &&
      Object.entries(others).every(([name, documents]) => after[name] === documents);
    if (!asPromised) throw new Error("the demo did not delete the documents that it should");
  } finally {
    for (const stack of stacks) await stack.close();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The Pulumi CLI on PATH, else the one that `npm run pulumi:install` built, else the embedded engine. With `--embedded`
 * the embedded engine in any case.
 */
function chooseEngine(args: readonly string[]): { readonly engine: Engine; readonly words: string } {
  const unknown = args.find((arg) => arg !== "--embedded");
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}\nuse --embedded, or none`);
  if (args.length > 0) return { engine: embeddedEngine, words: "embedded" };
  const cli = chooseCli();
  if (cli !== undefined) return { engine: cliEngine, words: `Pulumi CLI ${cli.version}, from ${cli.from}` };
  return { engine: embeddedEngine, words: "embedded (no Pulumi CLI; npm run pulumi:install builds one)" };
}

/** Runs the example's application in a process of its own, as an environment would. */
async function runApplication(tag: string, documents: number, env: Readonly<Record<string, string>>): Promise<string> {
  const tsx = createRequire(__filename).resolve("tsx/cli");
  const options = { env: { ...process.env, ...env }, timeout: 60_000 };
  const args = [tsx, application, tag, String(documents)];
  return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
}

/** @param refusal the title of a command that has to fail; without it the command has to succeed */
async function command(
  line: string,
  run: (options: CommandOptions) => ReturnType<EngineStack["up"]>,
  refusal?: string,
): Promise<Run> {
  if (refusal !== undefined) title(refusal);
  title(`$ ${line}`);
  const result = await run({ color: paint.colored, onOutput: (text) => process.stdout.write(text) });
  if (result.ok !== (refusal === undefined)) throw new Error(`${line} ${result.ok ? "was not refused" : "failed"}`);
  return result;
}

interface CommandOptions {
  readonly color: boolean;
  readonly onOutput: (text: string) => void;
}

function title(text: string): void {
  console.log(`\n${paint.bold(text)}`);
}

if (!existsSync(resolve(__dirname, "../../dist/provider/index.js"))) {
  console.error("the package is not built yet: run npm run build");
  process.exitCode = 1;
} else {
  main().catch((error: unknown) => {
    console.error(`\nthe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  });
}
