import type { FaultRule } from "../../../emulator/index";
import { RefusedError } from "../../../provider/errors";
import { errorOf, expectSound, incomplete, purgeTags, sent, startWorld, type Asked } from "../support/world";

const containers = { "pr-42": 5, "pr-43": 7 };
const tags = ["pr-42", "pr-43"];

test("more documents than maxDeletions are refused over all tags, and nothing is deleted", async () => {
  const { message, property } = await refused({ maxDeletions: 11 });
  expect(property).toBe("maxDeletions");
  expect(message).toBe(
    "refusing to delete 12 documents in pr-42 and pr-43: the limit is 11; nothing was deleted\nraise maxDeletions or narrow containerTags",
  );
});

test("exactly maxDeletions documents are deleted", async () => {
  const world = await startWorld({ containers });
  expectSound(world, (await purgeTags(world, tags, { maxDeletions: 12 })).deleted);
  expect(world.emulator.containers()).toMatchObject({ "pr-42": 0, "pr-43": 0 });
});

test("a limit of 0 allows none, and lets an empty container pass", async () => {
  await refused({ maxDeletions: 0 });
  const world = await startWorld({ containers: { "pr-42": 0 } });
  expect((await purgeTags(world, ["pr-42"], { maxDeletions: 0 })).deleted).toBe(0);
  expectSound(world, 0);
});

test("a refused delete event names the variable that raises the limit for one command", async () => {
  expect((await refused({ maxDeletions: 1, event: "delete" })).message).toContain("SUPERMEMORY_PURGE_MAX_DELETIONS=12");
  expect((await refused({ maxDeletions: 1 })).message).not.toContain("SUPERMEMORY_PURGE_MAX_DELETIONS");
});

test("documents written after the count stop what has not been deleted yet", async () => {
  const faults: FaultRule[] = [
    { match: { containerTag: "pr-42", route: "documents.list" }, then: { kind: "lateWriter", documents: 3 } },
  ];
  const world = await startWorld({ containers, faults, concurrency: 1 });
  const { message, outcome } = await incomplete(purgeTags(world, tags, { maxDeletions: 12 }));
  expect(message).toContain("the limit of 12 documents would be exceeded: 8 deleted, 7 still to go");
  expect(message).toContain("raise maxDeletions");
  expect(outcome.tags).toMatchObject([
    { deleted: 8, done: true },
    { deleted: 0, remaining: 7, done: false },
  ]);
  expect(sent(world)).not.toContain("delete pr-43");
  expectSound(world, 8);
});

test("deletes by ids count against the limit too, and other tags do not run into it meanwhile", async () => {
  const faults: FaultRule[] = ["pr-42", "pr-43"].map((containerTag) => ({
    match: { route: "documents.deleteBulk", containerTag },
    then: { kind: "reset", when: "beforeEffect" },
  }));
  const world = await startWorld({ containers: { "pr-42": 150, "pr-43": 170 }, faults });
  expectSound(world, (await purgeTags(world, tags, { maxDeletions: 320 })).deleted);
});

test("an address other than the recorded one is refused, naming both, before anything is sent", async () => {
  const world = await startWorld({ containers });
  const { url } = world.emulator;
  const error = await errorOf(purgeTags(world, tags, { address: { recorded: "https://api.supermemory.ai" } }));
  expect(error).toBeInstanceOf(RefusedError);
  expect(error.message).toBe(
    `memory was purged at https://api.supermemory.ai before, now the address is ${url}; nothing was deleted\nif it is meant: SUPERMEMORY_ACCEPT_BASE_URL=${url}`,
  );
  expect(sent(world)).toEqual([]);
  expectSound(world, 0);
});

test.each([
  ["another port", "http://127.0.0.1:1"],
  ["another scheme", "https://127.0.0.1"],
  ["something that is no URL", "nowhere"],
])("a recorded address with %s is another one", async (_name, recorded) => {
  const { message } = await refused({ address: { recorded } });
  expect(message).toContain(recorded);
});

test("a new address passes when that very origin is accepted", async () => {
  const recorded = "https://api.supermemory.ai";
  const world = await startWorld({ containers });
  await errorOf(purgeTags(world, tags, { address: { recorded, accepted: "http://127.0.0.1:1" } }));
  expect(sent(world)).toEqual([]);
  const outcome = await purgeTags(world, tags, { address: { recorded, accepted: world.emulator.url } });
  expectSound(world, outcome.deleted);
});

test("the recorded address with another path is the same one", async () => {
  const world = await startWorld({ containers });
  const address = { recorded: `${world.emulator.url}/api/` };
  expectSound(world, (await purgeTags(world, tags, { address })).deleted);
});

test("documents that also carry a protected tag stop the purge", async () => {
  const shared = { documents: [{}, { alsoIn: ["production"] }] };
  const world = await startWorld({ containers: { "pr-42": shared } });
  const error = await errorOf(purgeTags(world, ["pr-42"]));
  expect(error).toBeInstanceOf(RefusedError);
  expect(error.message).toBe(
    'refusing to purge pr-42: 1 document in it also belongs to "production", and its segment "production" marks it as protected; nothing was deleted\nto delete all the others set deleteBy: "ids"; if it is meant, add "production" to allowProtectedTags',
  );
  expect(sent(world)).toEqual(["list pr-42"]);
  expectSound(world, 0);
});

test("documents that carry a tag of protectedTags, or the default one, stop the purge too", async () => {
  for (const other of ["keep-me", "sm_project_default"]) {
    const world = await startWorld({ containers: { "pr-42": { documents: 2, each: { alsoIn: [other] } } } });
    const error = await errorOf(purgeTags(world, ["pr-42"], { protectedTags: ["keep-me"] }));
    expect(error.message).toContain(`2 documents in it also belong to "${other}"`);
    expectSound(world, 0);
  }
});

test("documents that also carry a protected tag go when that tag is allowed", async () => {
  const world = await startWorld({ containers: { "pr-42": { documents: 2, each: { alsoIn: ["production"] } } } });
  const allowProtectedTags = { managed: ["production"], removed: [] };
  expectSound(world, (await purgeTags(world, ["pr-42"], { allowProtectedTags })).deleted);
});

test("a later round that meets a document of a protected tag stops", async () => {
  const then = { kind: "lateWriter", documents: 1, containerTag: "pr-42" } as const;
  const world = await startWorld({
    containers: { "pr-42": 5 },
    faults: [{ match: { route: "documents.deleteBulk" }, then }],
  });
  let lists = 0;
  const onAttempt = (): void => {
    lists += 1;
    const createdAt = "2026-01-01T00:00:01Z";
    if (lists === 3) world.emulator.seed({ containers: { "pr-42": { documents: [{ createdAt, alsoIn: ["live"] }] } } });
  };
  const { message, outcome } = await incomplete(
    purgeTags(world, ["pr-42"], { event: "delete", session: { onAttempt } }),
  );
  expect(message).toContain('then refusing to purge pr-42: 1 document in it also belongs to "live"');
  expect(message).not.toContain("nothing was deleted");
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 2, done: false }]);
  expectSound(world, 5);
});

async function refused(asked: Asked): Promise<RefusedError> {
  const world = await startWorld({ containers });
  const error = await errorOf(purgeTags(world, tags, asked));
  expect(sent(world).filter((request) => request.startsWith("delete"))).toEqual([]);
  expectSound(world, 0);
  if (error instanceof RefusedError) return error;
  throw error;
}
