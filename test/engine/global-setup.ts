import { chooseCli, engineLine } from "./cli/choose-cli";

/** Before the first test: the workers of jest inherit the PATH on which the CLI is, if there is one. */
function setup(): void {
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
