/** Fails when something on the wire was not as the vendor's documents say since it was last called. */
export function expectDocumented(): void {
  const deviations = globalThis.wireAuditor?.take() ?? "";
  if (deviations !== "") throw new Error(`not as the vendor's documents say:\n${deviations}`);
}
