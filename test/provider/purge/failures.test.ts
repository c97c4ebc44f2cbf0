import { setImmediate } from "node:timers/promises";
import { StoppedError } from "../../../provider/errors";
import { startRelay } from "../support/relay";
import { byIds, tell, testStories } from "../support/stories";
import { expectSound, incomplete, purgeTags, startWorld } from "../support/world";

const five = { "pr-42": 5 };
const ofOther = { route: "documents.deleteBulk", containerTag: "pr-43" } as const;
const toDelete = { route: "documents.deleteBulk" } as const;

testStories({
  "a failed count ends the purge before anything is deleted": {
    containers: { "pr-42": 5, "pr-43": 5 },
    tags: ["pr-42", "pr-43"],
    faults: [{ match: { containerTag: "pr-43" }, then: { kind: "notFound", as: "json" } }],
    fails: /^POST \S+ returned 404.* \(pr-43\); nothing was deleted$/m,
    deleted: 0,
  },
  "a delete that returns 404 and names the container is an absence, which the list confirms": {
    containers: five,
    faults: [{ match: toDelete, then: failing(404, { error: "Container tag not found" }) }],
    verify: false,
    deleted: 5,
  },
  "when one container fails the error has the numbers of all, and what remains": {
    containers: { "pr-42": 5, "pr-43": 7, "pr-44": 0 },
    tags: ["pr-42", "pr-43", "pr-44"],
    faults: [{ match: ofOther, then: failing(403) }],
    fails:
      /^deleted 5 of 12 documents \(pr-42: 5 of 5, pr-43: 0 of 7, pr-44: 0 of 0\), then .* \(pr-43\); 7 remain\n(.*\n)*run pulumi up again to resume$/,
    deleted: 5,
    results: [
      { containerTag: "pr-42", deleted: 5, remaining: 0, done: true },
      { containerTag: "pr-43", deleted: 0, remaining: 7, done: false },
      { containerTag: "pr-44", deleted: 0, remaining: 0, done: true },
    ],
  },
  "with more than five containers the error has the numbers of the largest": {
    containers: { "pr-43": 1, "pr-44": 2, "pr-45": 3, "pr-46": 4, "pr-47": 5, "pr-48": 6, "pr-49": 7 },
    tags: ["pr-43", "pr-44", "pr-45", "pr-46", "pr-47", "pr-48", "pr-49"],
    faults: [{ match: ofOther, then: failing(403) }],
    fails:
      /^deleted \d+ of 28 documents \(pr-49: \d of 7, pr-48: \d of 6, pr-47: \d of 5, pr-46: \d of 4, pr-45: \d of 3, and 2 more tags\), then /,
    deleted: 27,
  },
  "the error of a failed destroy explains how to resume": {
    containers: five,
    faults: [{ match: toDelete, then: failing(400, { error: "bad" }) }],
    event: "delete",
    fails: / returned 400.*; 5 remain\nif the body is missing, .*\nrun the same command again to resume$/,
    deleted: 0,
  },
  "the error of a timeout reports what was deleted before it": {
    containers: { "pr-42": 5, "pr-43": 7 },
    tags: ["pr-42", "pr-43"],
    faults: [{ match: ofOther, times: Infinity, then: { kind: "rateLimit", retryAfter: 50 } }],
    timeoutMs: 120_000,
    concurrency: 1,
    fails: /^deleted at least 5 of 12 documents .*, then .* 50 s wait .*; 7 were not confirmed deleted$/m,
    ...{ deleted: 5, estimated: true },
    results: [{ planned: 5 }, { deleted: 0, remaining: undefined }],
  },
  "if the engine is gone before the first delete, no delete is sent": {
    containers: five,
    session: () => engineFor(0),
    fails: /^Pulumi no longer answers; nothing was deleted$/,
    deleted: 0,
    sent: ["list pr-42"],
  },
  "a stop during the check of the engine sends no delete": {
    containers: five,
    session: ({ stop }) => ({
      beforeMutation: async () => {
        await setImmediate();
        stop.abort();
      },
    }),
    fails: /^the operation was stopped; nothing was deleted$/,
    deleted: 0,
  },
  "the engine is checked before every delete": {
    containers: { "pr-42": 250 },
    faults: [{ then: { kind: "partial", documents: 10 } }],
    session: () => engineFor(2),
    fails: "deleted 110 of 250 documents in pr-42, then Pulumi no longer answers; 140 remain",
    deleted: 110,
  },
});

test("after a failure no further container is started", async () => {
  const tags = Array.from({ length: 20 }, (_, index) => `pr-${index}`);
  const world = await startWorld({
    containers: Object.fromEntries(tags.map((tag) => [tag, 2])),
    faults: [{ match: { ...toDelete, containerTag: "pr-0" }, then: failing(400) }],
    concurrency: 1,
  });
  const { outcome } = await incomplete(purgeTags(world, tags));
  expect(outcome.tags.filter(({ done }) => !done).length).toBeGreaterThanOrEqual(12);
  expect(outcome.tags.map(({ deleted, remaining }) => deleted + (remaining ?? 0))).toEqual(tags.map(() => 2));
  expectSound(world, outcome.deleted);
});

test("when v3 is switched off in the middle the purge ends, and the next operation resumes it on v5", async () => {
  const { world } = await tell({
    apiVersion: "auto",
    concurrency: 1,
    containers: { "pr-42": { documents: 250, each: { alsoIn: ["pr-43"] } }, "pr-43": 2 },
    tags: ["pr-42", "pr-43"],
    faults: [{ match: { method: "DELETE" }, nth: 2, then: { kind: "switchOff", as: "gone" } }],
    method: byIds,
    fails:
      "then API v3 was switched off during this operation; 152 were not confirmed deleted\nrun pulumi up again to resume",
    ...{ deleted: 100, estimated: true },
    results: [{ remaining: undefined }, { remaining: 2 }],
  });
  const { api } = await startRelay(world, { apiVersion: "auto" });
  const next = { method: byIds, session: { api } };
  expect(await purgeTags(world, ["pr-42", "pr-43"], next)).toMatchObject({ deleted: 152 });
  expect(api.version).toBe("v5");
  expectSound(world, 252);
});

function failing(status: number, body: unknown = {}) {
  return { kind: "wrongShape", status, body, when: "beforeEffect" } as const;
}

function engineFor(deletes: number) {
  let asked = 0;
  return {
    beforeMutation: async () => {
      await setImmediate();
      if ((asked += 1) > deletes) throw new StoppedError("Pulumi no longer answers");
    },
  };
}
