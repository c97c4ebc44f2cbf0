import type { PurgeMethod } from "../../../provider/purge/types";
import { errorOf, expectSound, incomplete, purgeTags, sent, startWorld } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const day = 86_400_000;

test("a purge by ids lists a container whole, oldest first, before it deletes", async () => {
  const world = await startWorld({ containers: { "pr-42": 250 } });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
  expect(sent(world)).toEqual([
    ...Array.from({ length: 3 }, () => "list pr-42"),
    "delete 100 ids",
    "delete 100 ids",
    "delete 50 ids",
    "list pr-42",
  ]);
  expect(world.emulator.requests.slice(0, 3).map(({ body }) => body)).toEqual(
    [1, 2, 3].map((page) => expect.objectContaining({ page, order: "asc", limit: 100 }) as unknown),
  );
  expect(outcome).toMatchObject({ deleted: 250, tags: [{ done: true, remaining: 0, lastSeen: 0 }] });
  expectSound(world, 250);
});

test("documents that are written after the count stay, also at the end of a resource's life", async () => {
  const world = await startWorld({
    containers: { "pr-42": 120 },
    faults: [{ match: { method: "DELETE" }, then: { kind: "lateWriter", documents: 3, containerTag: "pr-42" } }],
  });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, event: "delete" });
  expect(outcome).toMatchObject({ deleted: 120, tags: [{ done: true, written: 3, lastSeen: 3 }] });
  expect(world.emulator.documents("pr-42")).toHaveLength(3);
  expectSound(world, 120);
});

test("select takes documents by age, status and metadata, all of which have to fit", async () => {
  const now = Date.UTC(2026, 0, 1);
  const at = (days: number): string => new Date(now - days * day).toISOString();
  const documents = [
    { createdAt: at(40), metadata: { kind: "log" }, content: "goes" },
    { createdAt: at(40), metadata: { kind: "note" } },
    { createdAt: at(40) },
    { createdAt: at(20), metadata: { kind: "log" } },
    { createdAt: at(80), metadata: { kind: "log" } },
    { createdAt: at(40), metadata: { kind: "log" }, failed: true, processing: 1 },
  ];
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const select = { olderThanMs: 30 * day, newerThanMs: 60 * day, status: ["done"], metadata: { kind: "log" } };
  const outcome = await purgeTags(world, ["pr-42"], { method: { ...exactly, select } });
  expect(outcome).toMatchObject({
    planned: 1,
    deleted: 1,
    tags: [{ done: true, kept: [{ documents: 5, reason: "not selected" }], lastSeen: 5 }],
  });
  expect(world.emulator.documents("pr-42").map(({ content }) => content)).not.toContain("goes");
  expectSound(world, 1);
});

test("documents that the API refuses are told by id and reason, the first twenty of them", async () => {
  const world = await startWorld({
    containers: { "pr-42": 30 },
    faults: [
      { match: { method: "DELETE" }, times: 9, then: { kind: "partial", documents: 0, reason: "no right to delete" } },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly }));
  expect(message.match(/^ {2}\S{22}: no right to delete$/gm)).toHaveLength(20);
  expect(message).toMatch(/^ {2}and 10 more$/m);
  expect(message).toContain("deleted 0 of 30 documents in pr-42, then the API refused to delete 30 documents in pr-42");
  expect(outcome.deleted).toBe(0);
  expect(sent(world)).toEqual(["list pr-42", "delete 30 ids", "list pr-42", "delete 30 ids", "list pr-42"]);
  expectSound(world, 0);
});
