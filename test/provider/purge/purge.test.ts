import { expectSound, purgeTags, sent, startWorld } from "../support/world";

test("one container takes three requests: count, delete, verify", async () => {
  const world = await startWorld({ containers: { "pr-42": 128 } });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(sent(world)).toEqual(["list pr-42", "delete pr-42", "list pr-42"]);
  const tag = { containerTag: "pr-42", event: "create", planned: 128, deleted: 128, remaining: 0 };
  expect(outcome).toEqual({
    tags: [
      {
        ...tag,
        lastSeen: 0,
        written: 0,
        estimated: false,
        least: false,
        done: true,
        kept: [],
        memories: 0,
        absent: false,
      },
    ],
    planned: 128,
    deleted: 128,
    estimated: false,
    durationMs: 0,
    method: { kind: "tag" },
  });
  expectSound(world, 128);
});

test("an empty container takes one request", async () => {
  const world = await startWorld({ containers: { "pr-42": 0 } });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(sent(world)).toEqual(["list pr-42"]);
  expect(outcome).toMatchObject({ deleted: 0, planned: 0, tags: [{ done: true, remaining: 0 }] });
  expectSound(world, 0);
});

test("several containers are purged, each by its own delete, and no others", async () => {
  const tags = Array.from({ length: 12 }, (_, index) => `pr-${index}`);
  const containers = Object.fromEntries(tags.map((tag, index) => [tag, index * 10]));
  const world = await startWorld({ containers: { ...containers, "pr-100": 4 } });
  const outcome = await purgeTags(world, tags);
  expect(outcome.tags.map(({ containerTag, deleted }) => [containerTag, deleted])).toEqual(Object.entries(containers));
  expect(sent(world).filter((request) => request.startsWith("delete"))).toHaveLength(11);
  expect(world.emulator.containers()).toMatchObject({ "pr-0": 0, "pr-11": 0, "pr-100": 4 });
  expectSound(world, outcome.deleted);
});

test("containers are purged at the same time", async () => {
  const faults = [{ match: { route: "documents.deleteBulk" }, times: 3, then: { kind: "slow" } } as const];
  const world = await startWorld({ containers: { "pr-1": 1, "pr-2": 2, "pr-3": 3 }, faults });
  const purged = purgeTags(world, ["pr-1", "pr-2", "pr-3"]);
  await world.emulator.whenHeld(3);
  world.emulator.release();
  expectSound(world, (await purged).deleted);
});

test("without verification nothing is listed after a delete that accounts for everything", async () => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  const outcome = await purgeTags(world, ["pr-42"], { verify: false });
  expect(sent(world)).toEqual(["list pr-42", "delete pr-42"]);
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 0, lastSeen: 0, done: true }]);
  expectSound(world, 5);
});

test("without verification a delete that leaves documents is still followed up", async () => {
  const faults = [{ then: { kind: "partial", documents: 3 } } as const];
  const world = await startWorld({ containers: { "pr-42": 5 }, faults });
  const outcome = await purgeTags(world, ["pr-42"], { verify: false });
  expect(outcome.deleted).toBe(5);
  expect(world.emulator.containers()).toMatchObject({ "pr-42": 0 });
  expectSound(world, 5);
});

test("a document in two of the containers is counted twice in the plan and once as deleted", async () => {
  const shared = { documents: 4, each: { alsoIn: ["pr-43"] } };
  const world = await startWorld({ containers: { "pr-42": shared, "pr-43": 2 } });
  const outcome = await purgeTags(world, ["pr-42", "pr-43"]);
  expect(outcome).toMatchObject({ planned: 10, deleted: 6, estimated: false });
  expectSound(world, 6);
});

test("status lines show the progress", async () => {
  const world = await startWorld({ containers: { "pr-42": 1_200 } });
  await purgeTags(world, ["pr-42"]);
  expect(world.statuses.slice(0, 2)).toEqual([
    "counting the documents in pr-42",
    "deleting: 0 of 1,200 documents in pr-42",
  ]);
  expect(world.statuses.at(-1)).toBe("deleting: 1,200 of 1,200 documents in pr-42");
  expectSound(world, 1_200);
});

test("an empty container has no status line about deleting", async () => {
  const world = await startWorld();
  await purgeTags(world, ["pr-42"]);
  expect(world.statuses).toEqual(["counting the documents in pr-42"]);
  expectSound(world, 0);
});

test("a purge of nothing sends nothing", async () => {
  const world = await startWorld();
  expect(await purgeTags(world, [])).toMatchObject({ deleted: 0, planned: 0, tags: [] });
  expect(sent(world)).toEqual([]);
  expectSound(world, 0);
});
