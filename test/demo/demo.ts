/**
 * `npm run demo`: an application writes to three containers of an emulated Supermemory account; a stack then purges
 * one of them on `up` and on `destroy`. The engine is chosen as `npm test` does.
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
const others = { "pr-43": 9, production: 31 };
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
  const stack = await engine.engine.open({ projectDir: project, stack: "pr-42", stateDir: folder, env });
  try {
    const write = async (tag: string, documents: number): Promise<void> => {
      console.log(await runApplication(tag, documents, env));
    };
    title("the application writes");
    await write("pr-42", 24);
    for (const [tag, documents] of Object.entries(others)) await write(tag, documents);
    const before = emulator.containers();
    await command("pulumi preview", (options) => stack.preview(options));
    await command("pulumi up --yes", (options) => stack.up({ ...options, skipPreview: true }));
    const afterUp = emulator.containers();
    title("the application writes more");
    await write("pr-42", 17);
    const again = emulator.containers();
    await command("pulumi preview", (options) => stack.preview(options));
    const { deletedCount } = await stack.outputs();
    await command("pulumi destroy --yes", (options) => stack.destroy({ ...options, skipPreview: true }));
    const afterDestroy = emulator.containers();

    const rows = Object.keys(before).map((tag) => {
      const written = again[tag] === afterUp[tag] ? "-" : String((again[tag] ?? 0) - (afterUp[tag] ?? 0));
      const numbers = [before[tag], afterUp[tag], written, afterDestroy[tag]].map((value) => String(value ?? 0));
      return [tag, ...numbers, before[tag] === afterDestroy[tag] ? "untouched" : ""];
    });
    const destroyed = readReceipts(receipts).at(-1)?.deletedCount;
    console.log(
      `\n${table(["container", "before up", "after up", "written again", "after destroy", ""], rows, paint)}\n\n` +
        `up: deletedCount ${String(deletedCount)} · destroy: deletedCount ${String(destroyed)} · ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    const asPromised =
      deletedCount === 24 &&
      destroyed === 17 &&
      afterDestroy["pr-42"] === 0 &&
      Object.entries(others).every(([tag, documents]) => afterDestroy[tag] === documents);
    if (!asPromised) throw new Error("the demo did not delete the documents that it should");
  } finally {
    await stack.close();
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
  const options = { env: { ...process.env, ...env }, timeout: 30_000 };
  const args = [tsx, application, tag, String(documents)];
  return (await promisify(execFile)(process.execPath, args, options)).stdout.trim();
}

async function command(line: string, run: (options: CommandOptions) => ReturnType<EngineStack["up"]>): Promise<Run> {
  title(`$ ${line}`);
  const result = await run({ color: paint.colored, onOutput: (text) => process.stdout.write(text) });
  if (!result.ok) throw new Error(`${line} failed`);
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
