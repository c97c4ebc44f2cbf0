import { TestEnvironment } from "jest-environment-node";
import { openAuditor } from "./open-auditor";

/** Opened once per worker of jest, outside the sandboxes of its test files, so that validators are compiled once. */
const auditor = openAuditor();

class WireEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.wireAuditor = await auditor;
  }
}

export = WireEnvironment;
