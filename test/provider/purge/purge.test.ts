import { setImmediate } from "node:timers/promises";
import { SupermemoryError } from "../../../provider/errors";
import type { PurgeRequest } from "../../../provider/purge/types";
import { byIds, deletesOf, tell, testStories } from "../support/stories";
import { expectSound, purgeTags, startWorld } from "../support/world";

test("one container takes three requests: count, delete, verify", async () => {
  const { outcome } = await tell({
    containers: { "pr-42": 128 },
    deleted: 128,
    sent: ["list pr-42", "delete pr-42", "list pr-42"],
  });
  const tag = { containerTag: "pr-42", event: "create", planned: 128, deleted: 128, remaining: 0, lastSeen: 0 };
  const certain = { unconfirmed: 0, goneWithoutResponse: 0, beyondPlan: 0 };
  const nothing = { ...certain, written: 0, estimated: false, least: false, kept: [], memories: 0, absent: false };
  const total = { planned: 128, deleted: 128, estimated: false, warnings: [], durationMs: 0, method: { kind: "tag" } };
  const version = { apiVersion: "v3", besideProtected: false };
  const alsoIn = { byTag: new Map(), certainty: "least" };
  expect(outcome).toEqual({ tags: [{ ...tag, ...nothing, alsoIn, done: true }], ...total, ...version });
});

testStories({
  "an empty container takes one request": { containers: { "pr-42": 0 }, deleted: 0, sent: ["list pr-42"] },
  "a purge of nothing sends nothing": { tags: [], deleted: 0, sent: [] },
  "without verification nothing is listed after a delete that accounts for everything": {
    containers: { "pr-42": 5 },
    verify: false,
    deleted: 5,
    sent: ["list pr-42", "delete pr-42"],
  },
  "without verification a delete that leaves documents is still followed up": {
    containers: { "pr-42": 5 },
    faults: [{ then: { kind: "partial", documents: 3 } }],
    verify: false,
    deleted: 5,
    left: { "pr-42": 0 },
  },
  "a document in two of the containers is counted twice in the plan and once as deleted": {
    containers: { "pr-42": { documents: 4, each: { alsoIn: ["pr-43"] } }, "pr-43": 2 },
    tags: ["pr-42", "pr-43"],
    deleted: 6,
    results: [{ planned: 4 }, { planned: 6 }],
  },
});

test("several containers are purged, each by its own delete, and no others", async () => {
  const tags = Array.from({ length: 12 }, (_, index) => `pr-${index}`);
  const containers = Object.fromEntries(tags.map((tag, index) => [tag, index * 10]));
  const empty = Object.fromEntries(tags.map((tag) => [tag, 0]));
  const results = tags.map((containerTag, index) => ({ containerTag, deleted: index * 10 }));
  const left = { ...empty, "pr-100": 4 };
  const { world } = await tell({ containers: { ...containers, "pr-100": 4 }, tags, deleted: 660, results, left });
  expect(deletesOf(world)).toHaveLength(11);
});

test("containers are purged at the same time", async () => {
  const faults = [{ match: { route: "documents.deleteBulk" }, times: 3, then: { kind: "slow" } } as const];
  const world = await startWorld({ containers: { "pr-1": 1, "pr-2": 2, "pr-3": 3 }, faults });
  const purged = purgeTags(world, ["pr-1", "pr-2", "pr-3"]);
  await world.emulator.whenHeld(3);
  world.emulator.release();
  expectSound(world, (await purged).deleted);
});

test("status lines show the progress, and none is about deleting if the container is empty", async () => {
  const { world } = await tell({ containers: { "pr-42": 1_200 }, deleted: 1_200 });
  const counting = "counting documents in pr-42";
  expect(world.statuses).toEqual([
    ...[counting, "0/1,200 deleted", "1,200/1,200 deleted"],
    ...["verifying pr-42", "1,200/1,200 deleted"],
  ]);
  expect((await tell({ deleted: 0 })).world.statuses).toEqual([counting]);
});

describe("the recheck", () => {
  const two = {
    containers: { "pr-42": 5, "pr-43": 7 },
    tags: ["pr-42", "pr-43"],
    concurrency: 1,
    event: "policy",
  } as const;
  const skipped = "active just now";
  const skip = (skips: string) => recheck((tag) => (tag === skips ? skipped : undefined));
  const fail = (at: string) =>
    recheck((tag) => {
      if (tag === at) throw new SupermemoryError("cannot tell");
      return undefined;
    });

  testStories({
    "skips a container, which then gets no delete, and the others do": {
      ...two,
      recheck: skip("pr-42"),
      deleted: 7,
      results: [{ deleted: 0, remaining: 5, done: true, skipped }, { deleted: 7 }],
      deletes: ["delete pr-43"],
    },
    "skips a container, which keeps its documents in another container too": {
      ...{ ...two, method: byIds, recheck: skip("pr-42"), deleted: 2 },
      containers: { "pr-42": { documents: Array.from({ length: 3 }, () => ({ alsoIn: ["pr-43"] })) }, "pr-43": 2 },
      results: [{ skipped }, { deleted: 2, kept: [{ reason: "also in pr-42, which was kept", documents: 3 }] }],
      left: { "pr-42": 3, "pr-43": 3 },
    },
    "that fails before the first delete ends the purge": {
      ...two,
      recheck: fail("pr-42"),
      fails: "cannot tell",
      deleted: 0,
    },
    "that fails later ends the purge, and the error reports what was deleted": {
      ...two,
      recheck: fail("pr-43"),
      fails: "cannot tell",
      deleted: 5,
      results: [{ done: true }, { done: false, remaining: 7 }],
    },
  });

  test("runs right before the first delete, after everything was counted", async () => {
    const world = await startWorld(two);
    const seen: string[] = [];
    const note = recheck((tag) => {
      seen.push(`${tag} after ${world.emulator.requests.length}`);
      return undefined;
    });
    expectSound(world, (await purgeTags(world, two.tags, { recheck: note })).deleted);
    expect(seen).toEqual(["pr-42 after 2", "pr-43 after 4"]);
  });

  test("makes the documents of a skipped container no longer count against the limit", async () => {
    // Ten documents go with the delete by tag, three of them new, and one that it left goes by its id.
    const world = await startWorld({ ...two, faults: [{ then: { kind: "partial", leaves: { first: 1 } } }] });
    const seeding = recheck((tag) => {
      if (tag === "pr-43") world.emulator.seed({ containers: { "pr-43": 3 } });
      return tag === "pr-42" ? skipped : undefined;
    });
    const { deleted, tags } = await purgeTags(world, two.tags, { recheck: seeding, maxDeletions: 12 });
    // The first response may have counted that one too.
    expect([deleted, tags[1]]).toMatchObject([9, { least: true }]);
    expectSound(world, 10);
  });
});

function recheck(reasonFor: (tag: string) => string | undefined): PurgeRequest["recheck"] {
  return async ({ containerTag }) => {
    await setImmediate();
    return reasonFor(containerTag);
  };
}
