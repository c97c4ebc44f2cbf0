import { Refusals } from "../../../provider/purge/refusals";
import { idsIn, type Relayed, type RelayOptions } from "../support/relay";
import { byIds, idsOf, tell, testStories, toDelete, versions } from "../support/stories";
import type { World } from "../support/world";

test("refused documents are listed by id and reason, the first twenty, then how many more", () => {
  const refusals = new Refusals();
  expect(refusals.lines()).toEqual([]);
  refusals.add(refused(15, "a", "locked"));
  refusals.add(refused(1_500, "b", "no right"));
  const lines = refusals.lines();
  expect(lines).toHaveLength(21);
  const some = [lines[0], lines[14], lines[19], lines[20]];
  expect(some).toEqual(["  a0: locked", "  a14: locked", "  b4: no right", "  and 1,495 more"]);
});

test("refusals are final for as many documents as they name, unless one is temporary", () => {
  const refusals = new Refusals();
  expect(refusals.areFinalFor(0)).toBe(false);
  refusals.add(refused(30, "a", "no right"));
  expect([refusals.areFinalFor(30), refusals.areFinalFor(31)]).toEqual([true, false]);
  refusals.add(refused(1, "z", "Document is still processing"));
  expect(refusals.areFinalFor(31)).toBe(false);
});

test.each(versions)(
  "on %s all other documents are deleted, and the error names the refused ones",
  async (apiVersion) => {
    const { message, world } = await tell({
      apiVersion,
      containers: { "pr-42": 250 },
      relay: refusing(100, 103),
      method: byIds,
      fails: "deleted 247 of 250 documents in pr-42, then the API refused to delete 3 documents in pr-42; 3 remain",
      deleted: 247,
      results: [{ remaining: 3, lastSeen: 3 }],
    });
    const stuck = idsOf(world, 0);
    expect(stuck).toHaveLength(3);
    for (const id of stuck) expect(message).toContain(`\n  ${id}: no right to delete`);
  },
);

test("documents that are being processed are waited for with a status, then deleted", async () => {
  const { world } = await tell({ containers: everyTenthBusy(130), method: byIds, deleted: 130 });
  expect(world.statuses.join("\n")).toMatch(/waiting for 13 documents in pr-42 to be processed \(\S+ s of 10 min\)/);
});

testStories({
  "waits for documents that are being processed, although others are refused for good": {
    containers: everyTenthBusy(40),
    relay: refusing(1, 3),
    method: byIds,
    fails: /the API refused to delete 2 documents in pr-42; 2 remain(?!.*processing)/s,
    deleted: 38,
    results: [{ remaining: 2 }],
  },
  "waits for a temporary reason among more than twenty final ones": {
    containers: { "pr-42": 30 },
    relay: refusing(0, 25, "try again later"),
    method: byIds,
    fails: "the API refused to delete 25 documents",
    deleted: 5,
    results: [{ remaining: 25 }],
  },
  "a stale list after refusals is not taken for more refusals": {
    containers: { "pr-42": 50 },
    faults: [{ match: toDelete, then: { kind: "listLag", lists: 3 } }],
    relay: refusing(0, 2),
    method: byIds,
    fails: "the API refused to delete 2 documents in pr-42; 2 remain",
    deleted: 48,
    results: [{ remaining: 2 }],
  },
});

function everyTenthBusy(count: number) {
  const documents = Array.from({ length: count }, (_, index) => (index % 10 === 0 ? { processing: 40_000 } : {}));
  return { "pr-42": { documents } };
}

function refused(count: number, prefix: string, reason: string) {
  return Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index}`, reason }));
}

/** Deletes of some documents never arrive, and are answered with an error for each; those of the rest only at first. */
function refusing(from: number, to: number, reasonOfRest?: string) {
  return (world: World): Pick<RelayOptions, "rewrite" | "answer"> => {
    const stuck = idsOf(world, from, to);
    const errors = new Map<Relayed, readonly { readonly id: string; readonly error: string }[]>();
    const errorsOf = (ids: readonly string[]) =>
      ids.flatMap((id) => {
        if (stuck.includes(id)) return [{ id, error: "no right to delete" }];
        return reasonOfRest === undefined || errors.size > 0 ? [] : [{ id, error: reasonOfRest }];
      });
    return {
      rewrite: (request) => {
        const asked = idsIn(request);
        if (asked.length === 0) return undefined;
        const left = errorsOf(asked);
        errors.set(request, left);
        const through = asked.filter((id) => left.every((one) => one.id !== id));
        // An empty list would be a bad request, so one id that is nowhere stands for none.
        return JSON.stringify({ ids: through.length === 0 ? ["x".repeat(22)] : through });
      },
      answer: (body, request) => {
        const left = errors.get(request) ?? [];
        return left.length === 0 ? undefined : { ...body, errors: left };
      },
    };
  };
}
