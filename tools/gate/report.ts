/** `report.ts <results of jest> [why there is no CLI]`: the last two lines of .ci/run. */
import { readFileSync } from "node:fs";
import { chooseCli } from "../../test/engine/cli/choose-cli";
import { reportLines } from "./report-lines";

const [file = "", failure = ""] = process.argv.slice(2);
const cli = failure === "" ? chooseCli() : undefined;
const engine = cli === undefined ? { failure } : { version: cli.version };
for (const line of reportLines(JSON.parse(readFileSync(file, "utf8")), engine)) console.log(line);
