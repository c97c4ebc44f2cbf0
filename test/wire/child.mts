/** Loaded with --import into a process of a test's own that runs an emulator: a deviation there makes it fail. */
import { expectDocumented } from "./expect-documented.js";
import { openAuditor } from "./open-auditor.js";

globalThis.wireAuditor = await openAuditor();

process.once("exit", () => {
  try {
    expectDocumented();
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  }
});
