import { describeOnEngines, type Engine, type Needs } from "../../engine";
import type { Api } from "./apis";
import { openTestBed, type TestBed, type TestBedOptions } from "./test-bed";

/** Declares scenarios, opens the world of the one that runs, and gives the world that is open. */
export interface Scene {
  readonly scenario: (name: string, run: () => Promise<void>) => void;
  readonly open: (options: TestBedOptions) => Promise<TestBed>;
  readonly current: () => TestBed;
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
      let world: TestBed | undefined;
      afterEach(async () => {
        await world?.close();
        world = undefined;
      });
      scenarios({
        scenario: (title, run) => {
          test(title, run);
        },
        open: async (options) => (world = await openTestBed(engine, api, options)),
        current: () => {
          if (world === undefined) throw new Error("no world is open");
          return world;
        },
      });
    };
    describeOnEngines(`${name}, over ${api.name}`, onEngine, needs);
  }
}
