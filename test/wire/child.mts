/** Loaded with --import into a child process that runs an emulator. A deviation there makes the process fail. */
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
