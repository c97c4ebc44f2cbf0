import type { PurgeMethod } from "../../../provider/purge/types";
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

test("keep deletes documents that only purged containers hold, and no others", async () => {
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

test("refuse names the documents and one of the other containers, and deletes nothing", async () => {
  const world = await startWorld({ containers });
  const error = await errorOf(purgeTags(world, ["pr-43", "pr-42"], { method: by("refuse") }));
  expect(error).toMatchObject({ name: "RefusedError", property: "sharedDocuments" });
  expect(error.message).toBe(
    '1 document in pr-42 also carries tags outside this purge, such as "elsewhere", and sharedDocuments is "refuse"; nothing was deleted\n' +
      'to keep these documents, set sharedDocuments: "keep"\nto delete them, set sharedDocuments: "delete"',
  );
  expect(sent(world).every((request) => request.startsWith("list"))).toBe(true);
  expectSound(world, 0);
});

test("refuse checks every document, not only the first page", async () => {
  const many = { documents: [{ alsoIn: ["elsewhere"] }, ...Array.from({ length: 320 }, () => ({}))] };
  const world = await startWorld({ containers: { "pr-42": many } });
  const error = await errorOf(purgeTags(world, ["pr-42"], { method: by("refuse") }));
  expect(error.message).toContain('1 document in pr-42 also carries tags outside this purge, such as "elsewhere"');
  expectSound(world, 0);
});

test("a document of two purged containers is counted and deleted once by ids, on both API versions", async () => {
  const documents = Array.from({ length: 130 }, () => ({ alsoIn: ["pr-43"] }));
  for (const apiVersion of ["v3", "v5"] as const) {
    const world = await startWorld({ apiVersion, concurrency: 1, containers: { "pr-42": { documents }, "pr-43": 5 } });
    const outcome = await purgeTags(world, ["pr-42", "pr-43"], { method: by("delete") });
    expect(outcome).toMatchObject({ deleted: 135, estimated: false, tags: [{ done: true }, { done: true }] });
    expectSound(world, 135);
  }
});

function left({ emulator }: World): readonly (string | null | undefined)[] {
  return emulator.documents("pr-42").map(({ content }) => content);
}
