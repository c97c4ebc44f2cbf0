import { embeddedEngine, type Engine, engineFor, type Needs, titleOf } from "../../engine";
import { type Api, isLeftOut } from "./apis";
import { openWorld, type World, type WorldOptions } from "./world";

/** Declares scenarios, opens the world of the one that runs, and gives the world that is open. */
export interface Scene {
  /** A test, unless the table in `apis.ts` leaves it out over this API. */
  readonly scenario: Declare;
  /** The same; where there is a CLI the embedded engine runs it too, over the first API. One scenario of each kind. */
  readonly onBoth: Declare;
  readonly open: (options: WorldOptions) => Promise<World>;
  readonly current: () => World;
}

type Declare = (name: string, run: () => Promise<void>) => void;

/**
 * Declares scenarios over these APIs, on the CLI when there is one; each world is closed after its test, with the checks
 * that closing makes.
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
  let world: World | undefined;
  const close = async () => {
    await world?.close();
    world = undefined;
  };
  let hasTests = false;
  const scenario: Declare = (title, run) => {
    if (isLeftOut(title, api)) return;
    // Jest refuses a hook where there is no test.
    if (!hasTests) afterEach(close);
    hasTests = true;
    test(title, run);
  };
  scenarios({
    scenario: onlyOnBoth ? () => undefined : scenario,
    onBoth: scenario,
    open: async (options) => (world = await openWorld(engine, api, options)),
    current: () => {
      if (world === undefined) throw new Error("no world is open");
      return world;
    },
  });
}
