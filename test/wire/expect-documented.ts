/** @throws Error when traffic since the last call was not as the vendor's documents describe */
export function expectDocumented(): void {
  const deviations = globalThis.wireAuditor?.take() ?? "";
  if (deviations !== "") throw new Error(`not as the vendor's documents describe:\n${deviations}`);
}
