import { cliEngine } from "./cli/engine";
import { findCli } from "./cli/choose-cli";
import { embeddedEngine } from "./embedded/engine";
import { titleOf } from "./engine-titles";
import { hasSignals } from "./signals";
import { type Engine } from "./types";

export interface Needs {
  /** Ctrl-C, or the end of a command from outside. @default false */
  readonly interruption?: boolean;
}

type Scenarios = (engine: Engine) => void;

/** The engine that runs scenarios: the Pulumi CLI when there is one that does what they need, else the embedded one. */
export function engineFor({ interruption = false }: Needs = {}): Engine {
  return findCli() === undefined || (interruption && !hasSignals) ? embeddedEngine : cliEngine;
}

/**
 * Declares what the embedded engine has to do as the CLI does, for both; without a CLI for the embedded engine alone.
 * Where the CLI cannot be interrupted as the tests need it, its part counts as skipped.
 */
export function describeOnBothEngines(name: string, scenarios: Scenarios, { interruption = false }: Needs = {}): void {
  declare(name, embeddedEngine, scenarios);
  if (findCli() === undefined) return;
  declare(name, cliEngine, scenarios, interruption && !hasSignals ? describe.skip : describe);
}

function declare(name: string, engine: Engine, scenarios: Scenarios, how: jest.Describe = describe): void {
  how(`${name} ${titleOf(engine)}`, () => {
    scenarios(engine);
  });
}
