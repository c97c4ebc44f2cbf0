import { Auditor } from "./auditor";
import { loadVendorDocument } from "./vendor-document";

/** Undefined when the vendor's documents are not available. */
export async function openAuditor(): Promise<Auditor | undefined> {
  const [v3, v5] = await Promise.all([loadVendorDocument("v3"), loadVendorDocument("v5")]);
  return v3 === undefined || v5 === undefined ? undefined : new Auditor({ v3, v5 });
}

declare global {
  var wireAuditor: Auditor | undefined;
}
