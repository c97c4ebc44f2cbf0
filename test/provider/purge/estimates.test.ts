import { expectSound, incomplete, purgeTags, reallyDeleted, startWorld } from "../support/world";

test("what another container of the purge may have taken is about, not at least, what was deleted", async () => {
  const processing = Array.from({ length: 101 }, () => ({ processing: "forever" as const }));
  const world = await startWorld({
    containers: { "pr-42": { documents: [...processing, { alsoIn: ["pr-43"] }, {}] } },
    concurrency: 1,
    faults: [
      { match: { method: "DELETE" }, times: 3, then: { kind: "serverError", when: "afterEffect" } },
      { match: { route: "documents.list", containerTag: "pr-42" }, nth: 4, then: { kind: "notFound", as: "html" } },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-43", "pr-42"]));
  expect(message).toContain("deleted about 3 of 104 documents (pr-43: about 1 of 1, pr-42: about 2 of 103)");
  expect(outcome.tags).toMatchObject([{ estimated: true }, { estimated: true, least: false, remaining: undefined }]);
  expect(reallyDeleted(world)).toBe(2);
  expectSound(world, 2);
});
