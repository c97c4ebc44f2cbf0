/** After each test, whatever it is about: everything on the wire was as the vendor's documents say. */
afterEach(expectDocumented);
afterAll(expectDocumented);

function expectDocumented(): void {
  const deviations = globalThis.wireAuditor?.take() ?? "";
  if (deviations !== "") throw new Error(`not as the vendor's documents say:\n${deviations}`);
}
