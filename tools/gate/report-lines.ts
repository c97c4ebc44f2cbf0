import { z } from "zod";
import { cliTitle } from "../../test/engine/engine-titles";

const resultsSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

/** The CLI that ran scenarios, or why none did. */
export type GateEngine = { readonly version: string } | { readonly failure: string };

/** The engine, with the number of tests that ran on it, and the count of all tests, from the results of jest. */
export function reportLines(results: unknown, engine: GateEngine): readonly string[] {
  const { numFailedTests, numPassedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } =
    resultsSchema.parse(results);
  const ran = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => fullName.includes(cliTitle) && (status === "passed" || status === "failed"));
  return [
    "version" in engine
      ? `engine: pulumi ${engine.version} (${ran.length} scenarios)`
      : `engine: embedded (${engine.failure})`,
    `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`,
  ];
}
