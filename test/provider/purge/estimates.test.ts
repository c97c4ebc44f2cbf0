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

test("what another container took before an answer was lost is not counted a second time", async () => {
  const world = await startWorld({
    apiVersion: "v5",
    concurrency: 1,
    containers: { "pr-42": { documents: [...Array.from({ length: 90 }, () => ({ alsoIn: ["pr-43"] })), {}, {}, {}] } },
    faults: [
      { match: { route: "v5.documents.delete", containerTag: "pr-42" }, then: { kind: "reset", when: "beforeEffect" } },
      {
        match: { route: "v5.list", containerTag: "pr-42" },
        nth: 3,
        then: { kind: "wrongShape", body: {} },
      },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-43", "pr-42"]));
  expect(message).toContain("(pr-43: 90 of 90, pr-42: 0 of 93 or more)");
  expect(outcome.tags).toMatchObject([{ deleted: 90 }, { deleted: 0, least: true, remaining: undefined }]);
  expectSound(world, 90);
});

test("when another hand deletes what was kept while an answer is missing, the number is an estimate", async () => {
  const keep = { kind: "ids", select: { metadata: { go: true } }, sharedDocuments: "delete" } as const;
  for (const otherHand of [true, false]) {
    const documents = [{}, {}, ...Array.from({ length: 3 }, () => ({ metadata: { go: true } }))];
    const world = await startWorld({
      containers: { "pr-42": { documents } },
      faults: [
        { match: { method: "DELETE" }, then: { kind: "serverError", when: "afterEffect" } },
        ...(otherHand
          ? [
              {
                match: { method: "POST" },
                nth: 2,
                then: { kind: "lateDeleter", documents: 1, when: "beforeEffect" },
              } as const,
            ]
          : []),
      ],
    });
    const outcome = await purgeTags(world, ["pr-42"], { method: keep });
    expect(outcome).toMatchObject({ deleted: 3, estimated: otherHand });
    expectSound(world, 3);
  }
});
