import { execSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { chooseCli, engineLine } from "./cli/choose-cli";

/** Before the first test: the workers of jest inherit the PATH on which the CLI is, if there is one. */
function setup(): void {
  const root = resolve(__dirname, "../..");
  // Some tests run the built package. "npm test" builds it; one file after "npm ci" needs it too.
  if (!existsSync(resolve(root, "dist/emulator/cli.js"))) execSync("npm run build", { cwd: root, stdio: "inherit" });
  try {
    const cli = chooseCli();
    if (cli === undefined && process.env["REQUIRE_PULUMI_CLI"] === "true") {
      throw new Error("REQUIRE_PULUMI_CLI is true, but there is no Pulumi CLI\nrun npm run pulumi:install");
    }
    console.log(engineLine(cli));
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

export = setup;
