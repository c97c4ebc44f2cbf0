import { describeOnEngines, type Engine, type Needs } from "../../engine";
import { type Api, isLeftOut } from "./apis";
import { openWorld, type World, type WorldOptions } from "./world";

/** Declares scenarios, opens the world of the one that runs, and gives the world that is open. */
export interface Scene {
  /** A test, unless the table in `apis.ts` leaves it out over this API. */
  readonly scenario: (name: string, run: () => Promise<void>) => void;
  readonly open: (options: WorldOptions) => Promise<World>;
  readonly current: () => World;
}

/** Declares scenarios over these APIs for every engine; each world is closed after its test, with the checks that closing makes. */
export function describeScenarios(
  name: string,
  apis: readonly Api[],
  scenarios: (scene: Scene) => void,
  needs: Needs = {},
): void {
  for (const api of apis) {
    const onEngine = (engine: Engine): void => {
      let world: World | undefined;
      afterEach(async () => {
        await world?.close();
        world = undefined;
      });
      scenarios({
        scenario: (title, run) => {
          if (!isLeftOut(title, api)) test(title, run);
        },
        open: async (options) => (world = await openWorld(engine, api, options)),
        current: () => {
          if (world === undefined) throw new Error("no world is open");
          return world;
        },
      });
    };
    describeOnEngines(`${name}, over ${api.name}`, onEngine, needs);
  }
}
