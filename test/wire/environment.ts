import { TestEnvironment } from "jest-environment-node";
import { openAuditor } from "./open-auditor";

/** Opened once per Jest worker, outside the sandboxes of test files, so that each validator is compiled once. */
const auditor = openAuditor();

class WireEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.wireAuditor = await auditor;
  }
}

export = WireEnvironment;
