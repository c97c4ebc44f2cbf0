import fc from "fast-check";
import { cases } from "../../chaos/case";
import { checkCase } from "../../chaos/invariants";
import { run } from "../../chaos/run";

test("nothing outside the scope is ever deleted, and what is reported is what happened", async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (asked) => {
      checkCase(asked, await run(asked));
    }),
    // A failure that takes long to shrink is shown as far as it came; fewer runs than these are no success.
    { numRuns: 300, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
  );
});
