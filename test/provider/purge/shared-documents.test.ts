import type { PurgeMethod } from "../../../provider/purge/types";
import { type RelayOptions, startRelay, withRows } from "../support/relay";
import { errorOf, expectSound, purgeTags, sent, startWorld, type World } from "../support/world";

type Shared = "delete" | "keep" | "refuse";
const by = (sharedDocuments: Shared): PurgeMethod => ({ kind: "ids", select: undefined, sharedDocuments });
const containers = {
  "pr-42": {
    documents: [
      { content: "alone" },
      { content: "both", alsoIn: ["pr-43"] },
      { content: "out", alsoIn: ["elsewhere"] },
    ],
  },
  "pr-43": { documents: [{ content: "other" }] },
};

test("keep leaves documents that another container holds, and takes those that only purged ones hold", async () => {
  const world = await startWorld({ containers });
  const outcome = await purgeTags(world, ["pr-42", "pr-43"], { method: by("keep"), event: "delete" });
  expect(outcome).toMatchObject({
    planned: 3,
    deleted: 3,
    tags: [
      { deleted: 2, done: true },
      { deleted: 1, done: true },
    ],
  });
  expect(left(world)).toEqual(["out"]);
  expect(world.emulator.containers()).toMatchObject({ elsewhere: 1, "pr-42": 1, "pr-43": 0 });
  expectSound(world, 3);
});

test("refuse names the documents and one of the other containers, and deletes nothing in any container", async () => {
  const world = await startWorld({ containers });
  const error = await errorOf(purgeTags(world, ["pr-43", "pr-42"], { method: by("refuse") }));
  expect(error).toMatchObject({ name: "RefusedError", property: "sharedDocuments" });
  expect(error.message).toBe(
    'refusing to purge pr-42: 1 document in pr-42 also carries tags outside this purge, such as "elsewhere", and sharedDocuments is "refuse"; nothing was deleted\n' +
      'set it to "keep" to delete all the others, or to "delete"',
  );
  expect(sent(world).every((request) => request.startsWith("list"))).toBe(true);
  expectSound(world, 0);
});

test("refuse lets a purge pass whose documents belong to no other container", async () => {
  const world = await startWorld({ containers: { "pr-42": { documents: [{}, { alsoIn: ["pr-43"] }] } } });
  expect(await purgeTags(world, ["pr-42", "pr-43"], { method: by("refuse") })).toMatchObject({ deleted: 2 });
  expectSound(world, 2);
});

test("refuse looks at every document, not at the first page", async () => {
  const many = { documents: [{ alsoIn: ["elsewhere"] }, ...Array.from({ length: 320 }, () => ({}))] };
  const world = await startWorld({ containers: { "pr-42": many } });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: by("refuse") }));
  expect(error.message).toContain('1 document in pr-42 also carries tags outside this purge, such as "elsewhere"');
  expectSound(world, 0);
});

test("refuse does not mind documents that select leaves where they are", async () => {
  const documents = [{ metadata: { kind: "log" } }, { metadata: { kind: "note" }, alsoIn: ["elsewhere"] }];
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const method: PurgeMethod = { kind: "ids", select: { metadata: { kind: "log" } }, sharedDocuments: "refuse" };
  expect(await purgeTags(world, ["pr-42"], { method })).toMatchObject({ deleted: 1 });
  expectSound(world, 1);
});

test.each(["delete", "keep", "refuse"] as const)(
  "a document of a protected container stays with sharedDocuments: %s",
  async (shared) => {
    const documents = [
      { content: "alone" },
      { content: "live", alsoIn: ["eu-live"] },
      { content: "own", alsoIn: ["keep-me"] },
    ];
    const world = await startWorld({ containers: { "pr-42": { documents } } });
    const outcome = await purgeTags(world, ["pr-42"], { method: by(shared), protectedTags: ["keep-me"] });
    expect(outcome.tags[0]?.kept).toEqual([
      { documents: 1, reason: 'also in "eu-live", which is protected' },
      { documents: 1, reason: 'also in "keep-me", which is protected' },
    ]);
    expect(left(world)).toEqual(["live", "own"]);
    expectSound(world, 1);
  },
);

test.each(["keep", "refuse"] as const)(
  "a document whose tags the API does not tell stays with sharedDocuments: %s",
  async (shared) => {
    const world = await startWorld({ containers: { "pr-42": 6 } });
    const untold = world.emulator
      .documents("pr-42")
      .slice(0, 2)
      .map(({ id }) => id);
    const { api } = await startRelay(world, { answer: hideTagsOf(untold) });
    const outcome = await purgeTags(world, ["pr-42"], { method: by(shared), session: { api } });
    expect(outcome).toMatchObject({ deleted: 4, tags: [{ done: true, lastSeen: 2 }] });
    expect(outcome.tags[0]?.kept).toEqual([{ documents: 2, reason: "the API does not return their tags" }]);
    expect(world.emulator.documents("pr-42").map(({ id }) => id)).toEqual(untold);
    expectSound(world, 4);
  },
);

test("a document whose tags the API does not tell goes with sharedDocuments: delete", async () => {
  const world = await startWorld({ containers: { "pr-42": 6 } });
  const untold = world.emulator
    .documents("pr-42")
    .slice(0, 2)
    .map(({ id }) => id);
  const { api } = await startRelay(world, { answer: hideTagsOf(untold) });
  expect(await purgeTags(world, ["pr-42"], { method: by("delete"), session: { api } })).toMatchObject({ deleted: 6 });
  expectSound(world, 6);
});

test("a document of two purged containers is counted and deleted once, by ids over both generations", async () => {
  const documents = Array.from({ length: 130 }, () => ({ alsoIn: ["pr-43"] }));
  for (const apiVersion of ["v3", "v5"] as const) {
    const world = await startWorld({ apiVersion, concurrency: 1, containers: { "pr-42": { documents }, "pr-43": 5 } });
    const outcome = await purgeTags(world, ["pr-42", "pr-43"], { method: by("delete") });
    expect(outcome).toMatchObject({ deleted: 135, estimated: false, tags: [{ done: true }, { done: true }] });
    expectSound(world, 135);
  }
});

function hideTagsOf(untold: readonly string[]): NonNullable<RelayOptions["answer"]> {
  return (body) =>
    withRows(body, ({ containerTags, ...rest }) =>
      untold.includes(String(rest["id"])) ? rest : { ...rest, containerTags },
    );
}

function left({ emulator }: World): readonly (string | null | undefined)[] {
  return emulator.documents("pr-42").map(({ content }) => content);
}
