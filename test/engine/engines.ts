import { cliEngine } from "./cli/engine";
import { findCli } from "./cli/find-cli";
import { embeddedEngine } from "./embedded/engine";
import { hasSignals } from "./signals";
import { type Engine } from "./types";

/** What scenarios ask of an engine. */
export interface Needs {
  /** Ctrl-C, or the end of a command from outside. @default false */
  readonly interruption?: boolean;
}

/**
 * Declares scenarios for both engines; those of the CLI are skipped, and counted so, when there is none, or when it
 * cannot be interrupted as they need it.
 */
export function describeOnEngines(
  name: string,
  scenarios: (engine: Engine) => void,
  { interruption = false }: Needs = {},
): void {
  describe(`${name} (embedded engine)`, () => {
    scenarios(embeddedEngine);
  });
  const isMissing = findCli() === undefined;
  if (isMissing && process.env["REQUIRE_PULUMI_CLI"] === "true") throw new Error("there is no Pulumi CLI on PATH");
  const isSkipped = isMissing || (interruption && !hasSignals);
  (isSkipped ? describe.skip : describe)(`${name} (Pulumi CLI)`, () => {
    scenarios(cliEngine);
  });
}
