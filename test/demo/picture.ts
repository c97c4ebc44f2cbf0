/** `npm run demo:picture`: runs the demo and writes what a terminal shows of it to docs/demo.svg. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { excerpt, rowsOf, svgOf } from "./screen";

async function main(): Promise<void> {
  const tsx = createRequire(__filename).resolve("tsx/cli");
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, join(__dirname, "demo.ts")], {
    env: { ...process.env, FORCE_COLOR: "1" },
    timeout: 300_000,
  });
  const file = join(__dirname, "../../docs/demo.svg");
  writeFileSync(file, svgOf(await rowsOf(excerpt(`$ npm run demo\n${stdout}`))));
  console.log(`wrote ${file}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
