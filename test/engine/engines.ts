import { cliEngine } from "./cli/engine";
import { findCli } from "./cli/find-cli";
import { embeddedEngine } from "./embedded/engine";
import { type Engine } from "./types";

/** The engines of this machine: the embedded one, and the CLI when there is one. */
export function engines(): readonly Engine[] {
  return findCli() === undefined ? [embeddedEngine] : [embeddedEngine, cliEngine];
}

/** Declares scenarios for both engines; those of the CLI are skipped, and counted so, when there is none. */
export function describeOnEngines(name: string, scenarios: (engine: Engine) => void): void {
  describe(`${name} (embedded engine)`, () => {
    scenarios(embeddedEngine);
  });
  const describeCli = findCli() === undefined ? describe.skip : describe;
  describeCli(`${name} (Pulumi CLI)`, () => {
    scenarios(cliEngine);
  });
}
