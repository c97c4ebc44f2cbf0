#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
// The build leaves this import as it is, so that the package contains the emulator once.
import {
  API_ENDS,
  type ApiState,
  createEmulator,
  DEFAULT_API_KEY,
  type Emulator,
  type EmulatorOptions,
  parseSeed,
  type Seed,
} from "./index";

const HELP = `Runs an emulator of the Supermemory API on this machine.

Usage: npx pulumi-supermemory emulator [options]

  --port <number>        port on 127.0.0.1; 0 for any free port (default 4000)
  --seed <file>          JSON file with the content at the start, e.g.
                         { "containers": { "pr-42": 128, "production": { "documents": [{ "content": "keep me" }] } } }
  --api-key <key>        the accepted key (default ${DEFAULT_API_KEY})
  --processing-ms <ms>   how long added documents are processed (default 0)
  --v3 <state>           state of API v3: on (default), off (returns 404), gone (returns 410)
  --v5 <state>           state of API v5
  --help                 show this text
`;

/** A mistake in the arguments. Printed without a stack. */
class UsageError extends Error {}

void main();

async function main(): Promise<void> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options === "help") {
      process.stdout.write(HELP);
      return;
    }
    const emulator = await createEmulator(options);
    process.stdout.write(`${emulator.url}\n`);
    process.stderr.write(howToUse(emulator));
    const stop = (): void => {
      void emulator.close();
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);
  } catch (error) {
    process.stderr.write(`emulator: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** For a person. The output is only the URL, for scripts. */
function howToUse({ apiKey, url }: Emulator): string {
  return `
This Supermemory emulator accepts the key ${apiKey}. To point a program or a Pulumi command at it:

  export SUPERMEMORY_BASE_URL=${url}
  export SUPERMEMORY_API_KEY=${apiKey}

Nothing is stored: its documents are gone when it stops. To stop it, press Ctrl-C.
`;
}

function readOptions(args: readonly string[]): EmulatorOptions | "help" {
  const { positionals, values } = readFlags(args);
  if (values.help === true || args.length === 0) return "help";
  if (positionals.join(" ") !== "emulator") {
    throw new UsageError(`the command is ${JSON.stringify(positionals.join(" "))}; allowed: emulator`);
  }
  return {
    port: wholeNumber("--port", values.port ?? "4000", 65_535),
    apiKeys: [{ key: apiKey(values["api-key"] ?? DEFAULT_API_KEY) }],
    processingMs: wholeNumber("--processing-ms", values["processing-ms"] ?? "0", Number.MAX_SAFE_INTEGER),
    v3: apiState("--v3", values.v3 ?? "on"),
    v5: apiState("--v5", values.v5 ?? "on"),
    ...(values.seed === undefined ? {} : { seed: readSeed(values.seed) }),
  };
}

function readFlags(args: readonly string[]) {
  try {
    const text = { type: "string" } as const;
    const options = {
      port: text,
      seed: text,
      "api-key": text,
      "processing-ms": text,
      v3: text,
      v5: text,
      help: { type: "boolean", short: "h" },
    } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${explain(error)}\nrun with --help to see the options`);
  }
}

function wholeNumber(flag: string, text: string, highest: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (number <= highest) return number;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}; allowed: a whole number from 0 to ${highest}`);
}

function apiKey(text: string): string {
  if (/^\S+$/.test(text)) return text;
  throw new UsageError("--api-key is empty or contains blanks; allowed: any text without blanks");
}

function apiState(flag: string, text: string): ApiState {
  const state = (["on", ...API_ENDS] as const).find((name) => name === text);
  if (state !== undefined) return state;
  throw new UsageError(`${flag} is ${JSON.stringify(text)}; allowed: on, ${API_ENDS.join(", ")}`);
}

function readSeed(file: string): Seed {
  try {
    return parseSeed(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const what = error instanceof SyntaxError ? `is not JSON: ${error.message}` : `cannot be used: ${explain(error)}`;
    throw new UsageError(`the seed file ${file} ${what}`);
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") return `${error.message}; choose another with --port`;
  return error.message;
}
