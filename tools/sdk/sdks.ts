/** `npm run sdks -- --out <folder> [--language python|go|nodejs]` generates the SDKs of the plugin from schema.json. */
import { parseArgs } from "node:util";
import { runCommand } from "../pulumi/command";
import { messageOf, Problem } from "../pulumi/problem";
import { generateSdks } from "./generate";
import { type Language, languages } from "./naming";

const usage = `use --out <folder> [--language ${languages.join("|")}]`;

runCommand(async (signal) => {
  await generateSdks(choices(process.argv.slice(2)), { env: process.env, signal, say: console.log });
}, false);

function choices(args: readonly string[]): { readonly out: string; readonly languages: readonly Language[] } {
  const { language, out } = parsed(args);
  if (out === undefined || out === "") throw new Problem(`--out is missing\n${usage}`);
  const chosen = languages.filter((one) => language === undefined || language === one);
  if (chosen.length === 0) throw new Problem(`unknown language ${language ?? ""}\n${usage}`);
  return { out, languages: chosen };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { out: { type: "string" }, language: { type: "string" } } }).values;
  } catch (error) {
    throw new Problem(`${messageOf(error)}\n${usage}`);
  }
}
