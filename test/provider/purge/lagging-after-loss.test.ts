import type { FaultRule } from "../../../emulator/index";
import type { PurgeMethod } from "../../../provider/purge/types";
import { startRelay } from "../support/relay";
import { expectSound, incomplete, purgeTags, sent, startWorld } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const lossAndLag: readonly FaultRule[] = [
  { match: { method: "DELETE" }, nth: 2, then: { kind: "notJson", when: "afterEffect" } },
  { match: { method: "DELETE" }, nth: 1, then: { kind: "listLag", lists: 1 } },
];

test("a list that lags after a lost answer takes no room of the limit", async () => {
  const world = await startWorld({ containers: { "pr-42": 101 }, concurrency: 1, faults: lossAndLag });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly, maxDeletions: 101 });
  expect(outcome).toMatchObject({ deleted: 101, estimated: false });
  expectSound(world, 101);
});

test("what a lost answer did is not known by a list that lags", async () => {
  const world = await startWorld({
    containers: { "pr-42": 101 },
    concurrency: 1,
    faults: [
      ...lossAndLag,
      { match: { method: "DELETE" }, nth: 3, then: { kind: "wrongShape", status: 400, body: { error: "no" } } },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly }));
  expect(message).toContain("deleted at least 100 of 101 documents");
  expect(outcome.tags).toMatchObject([{ deleted: 100, estimated: true, least: true, remaining: undefined }]);
  expectSound(world, 101);
});

test("a list that shows what answers call absent tells nothing of a lost answer", async () => {
  const world = await startWorld({
    containers: { "pr-42": 200 },
    concurrency: 1,
    faults: [
      { match: { method: "DELETE" }, nth: 1, then: { kind: "listLag", lists: 100 } },
      { match: { method: "DELETE" }, nth: 1, then: { kind: "notJson", when: "afterEffect" } },
    ],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly }));
  expect(message).toContain("deleted at least 100 of 200 documents");
  expect(outcome.tags).toMatchObject([{ deleted: 100, estimated: true, least: true, remaining: undefined }]);
  expectSound(world, 200);
});

test("what a call by tag without an answer deleted is ours, also when a list still shows it and its ids are absent then", async () => {
  const world = await startWorld({
    containers: { "pr-42": 5 },
    faults: [{ match: { method: "DELETE" }, then: { kind: "listLag", lists: 1 } }],
  });
  const { api } = await startRelay(world, {
    answer: (_body, { body, method }) => (method === "DELETE" && body.includes("containerTags") ? {} : undefined),
  });
  expect(await purgeTags(world, ["pr-42"], { session: { api } })).toMatchObject({ deleted: 5, tags: [{ done: true }] });
  expect(sent(world)).toContain("delete 5 ids");
  expectSound(world, 5);
});
