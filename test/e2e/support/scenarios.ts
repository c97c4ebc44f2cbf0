import { embeddedEngine, type Engine, engineFor, type Needs, titleOf } from "../../engine";
import type { Api } from "./apis";
import { openTestBed, type TestBed, type TestBedOptions } from "./test-bed";

/** Declares scenarios, and opens and returns the test bed of the one that runs. */
export interface Scene {
  readonly scenario: Declare;
  /** The same; where there is a CLI the embedded engine runs it too, over the first API. One scenario of each kind. */
  readonly onBoth: Declare;
  readonly open: (options: TestBedOptions) => Promise<TestBed>;
}

type Declare = (name: string, run: () => Promise<void>) => void;

/**
 * Declares scenarios over these APIs, on the CLI when there is one. Each test bed is closed after its test, with the checks
 * of closing.
 */
export function describeScenarios(
  name: string,
  apis: readonly Api[],
  scenarios: (scene: Scene) => void,
  needs: Needs = {},
): void {
  const engine = engineFor(needs);
  const [first] = apis;
  for (const api of apis) {
    describe(`${name}, over ${api.name} ${titleOf(engine)}`, () => {
      declare(engine, api, scenarios);
    });
    if (api !== first || engine === embeddedEngine) continue;
    describe(`${name}, over ${api.name} ${titleOf(embeddedEngine)}`, () => {
      declare(embeddedEngine, api, scenarios, { onlyOnBoth: true });
    });
  }
}

function declare(engine: Engine, api: Api, scenarios: (scene: Scene) => void, { onlyOnBoth = false } = {}): void {
  let bed: TestBed | undefined;
  const close = async () => {
    await bed?.close();
    bed = undefined;
  };
  let hasTests = false;
  const scenario: Declare = (title, run) => {
    // Jest refuses a hook where there is no test.
    if (!hasTests) afterEach(close);
    hasTests = true;
    test(title, run);
  };
  scenarios({
    scenario: onlyOnBoth ? () => undefined : scenario,
    onBoth: scenario,
    open: async (options) => (bed = await openTestBed(engine, api, options)),
  });
}
