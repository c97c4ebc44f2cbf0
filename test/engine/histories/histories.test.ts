import { cliEngine, embeddedEngine, engineFor } from "..";
import { checkHistory } from "./check";
import { examples } from "./examples";
import { openPair, type Pair } from "./pair";

/** Seeds of the random histories. `npm run engines` runs others. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

(engineFor() === cliEngine ? describe : describe.skip)("the embedded engine and the Pulumi CLI", () => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await openPair(embeddedEngine, cliEngine);
  });

  afterAll(async () => {
    await pair.close();
  });

  test.each(Object.entries(examples))("agree about %s", async (_, history) => {
    await pair.compare(history);
  });

  test.each(seeds)("agree about the random history of seed %i", async (seed) => {
    expect(await checkHistory(pair, { seed, steps: 3, isShrunk: false })).toBeUndefined();
  });
});
