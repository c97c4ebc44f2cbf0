import { expectSound, incomplete, purgeTags, startWorld } from "../support/world";

test("what a call by tag leaves is not deleted by ids when some of it turns out to carry a protected tag", async () => {
  const documents = [{ alsoIn: ["live"] }, ...Array.from({ length: 149 }, () => ({}))];
  for (const apiVersion of ["auto", "v3"] as const) {
    const world = await startWorld({
      apiVersion,
      containers: { "pr-42": { documents } },
      faults: [{ match: { method: "DELETE" }, then: { kind: "partial", documents: 0 } }],
    });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"]));
    expect(message).toContain('1 document in it also belongs to "live"');
    expect(outcome.tags).toMatchObject([{ deleted: 0, remaining: 150, done: false }]);
    expectSound(world, 0);
  }
});
