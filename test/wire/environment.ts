import { TestEnvironment } from "jest-environment-node";
import { Auditor } from "./auditor";
import { loadVendorDocument } from "./vendor-document";

/** Loaded once per worker of jest, outside the sandboxes of its test files, so that validators are compiled once. */
const auditor = makeAuditor();

class WireEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    this.global.wireAuditor = await auditor;
  }
}

async function makeAuditor(): Promise<Auditor | undefined> {
  const [v3, v5] = await Promise.all([loadVendorDocument("v3"), loadVendorDocument("v5")]);
  return v3 === undefined || v5 === undefined ? undefined : new Auditor({ v3, v5 });
}

declare global {
  /** Undefined where the vendor's documents are not at hand. */
  var wireAuditor: Auditor | undefined;
}

export = WireEnvironment;
