import { cliEngine, embeddedEngine, findCli } from "..";
import { checkHistory, describeFailure } from "./check";
import { examples } from "./examples";
import { openPair, type Pair } from "./pair";

/** Seeds of the random histories. `npm run engines` runs others. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const steps = 3;

const isMissing = findCli() === undefined;
if (isMissing && process.env["REQUIRE_PULUMI_CLI"] === "true") throw new Error("there is no Pulumi CLI on PATH");

(isMissing ? describe.skip : describe)("the embedded engine and the Pulumi CLI", () => {
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
    const failure = await checkHistory(pair, { seed, steps, isShrunk: false });
    if (failure !== undefined) throw new Error(describeFailure(failure, steps));
  });
});
