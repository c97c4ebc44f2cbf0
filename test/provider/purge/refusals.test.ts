import { Refusals } from "../../../provider/purge/refusals";
import type { PurgeMethod } from "../../../provider/purge/types";
import { idsIn, type Json, type Relayed, type RelayOptions, startRelay } from "../support/relay";
import { expectSound, incomplete, purgeTags, startWorld, type World } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("refused documents are listed by id and reason, the first twenty, then how many more", () => {
  const refusals = new Refusals();
  expect(refusals.lines()).toEqual([]);
  refusals.add(Array.from({ length: 15 }, (_, index) => ({ id: `a${index}`, reason: "locked" })));
  refusals.add(Array.from({ length: 1_500 }, (_, index) => ({ id: `b${index}`, reason: "no right" })));
  const lines = refusals.lines();
  expect(lines).toHaveLength(21);
  expect([lines[0], lines[14], lines[19], lines[20]]).toEqual([
    "  a0: locked",
    "  a14: locked",
    "  b4: no right",
    "  and 1,495 more",
  ]);
});

test("refusals are final for as many documents as they name, unless one is temporary", () => {
  const refusals = new Refusals();
  expect(refusals.areFinalFor(0)).toBe(false);
  refusals.add(Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, reason: "no right" })));
  expect([refusals.areFinalFor(30), refusals.areFinalFor(31)]).toEqual([true, false]);
  refusals.add([{ id: "z", reason: "Document is still processing" }]);
  expect(refusals.areFinalFor(31)).toBe(false);
});

test.each(["v3", "v5"] as const)(
  "on %s all other documents are deleted, and the error names the refused ones",
  async (apiVersion) => {
    const world = await startWorld({ apiVersion, containers: { "pr-42": 250 } });
    const stuck = idsOf(world, 100, 103);
    const { api } = await startRelay(world, { apiVersion, ...refusing(stuck, "no right to delete") });
    const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly, session: { api } }));
    expect(message).toContain(
      "deleted 247 of 250 documents in pr-42, then the API refused to delete 3 documents in pr-42; 3 remain",
    );
    for (const id of stuck) expect(message).toContain(`\n  ${id}: no right to delete`);
    expect(outcome.tags).toMatchObject([{ deleted: 247, remaining: 3, lastSeen: 3, done: false, estimated: false }]);
    expect(world.emulator.documents("pr-42").map(({ id }) => id)).toEqual(stuck);
    expectSound(world, 247);
  },
);

test("documents that are being processed are waited for with a status, then deleted", async () => {
  const documents = Array.from({ length: 130 }, (_, index) => (index % 10 === 0 ? { processing: 40_000 } : {}));
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const outcome = await purgeTags(world, ["pr-42"], { method: exactly });
  expect(outcome).toMatchObject({ deleted: 130, estimated: false, tags: [{ done: true, remaining: 0 }] });
  expect(world.statuses.join("\n")).toMatch(/waiting for 13 documents in pr-42 to be processed \(\S+ s of 10 min\)/);
  expectSound(world, 130);
});

test("waits for documents that are being processed, although others are refused for good", async () => {
  const documents = Array.from({ length: 40 }, (_, index) => (index % 10 === 0 ? { processing: 40_000 } : {}));
  const world = await startWorld({ containers: { "pr-42": { documents } } });
  const stuck = idsOf(world, 1, 3);
  const { api } = await startRelay(world, refusing(stuck, "no right to delete"));
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly, session: { api } }));
  expect(message).toContain(
    "deleted 38 of 40 documents in pr-42, then the API refused to delete 2 documents in pr-42; 2 remain",
  );
  expect(message).not.toContain("processing");
  expect(outcome.tags).toMatchObject([{ deleted: 38, remaining: 2 }]);
  expectSound(world, 38);
});

test("waits for a temporary reason among more than twenty final ones", async () => {
  const world = await startWorld({ containers: { "pr-42": 30 } });
  const stuck = idsOf(world, 0, 25);
  let refusedOnce = false;
  const rest = idsOf(world, 25, 30);
  const { api } = await startRelay(world, {
    ...refusing(stuck, "no right to delete", () => {
      const errors = refusedOnce ? [] : rest.map((id) => ({ id, error: "try again later" }));
      refusedOnce = true;
      return errors;
    }),
  });
  const { outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly, session: { api } }));
  expect(outcome.tags).toMatchObject([{ deleted: 5, remaining: 25 }]);
  expectSound(world, 5);
});

test("a stale list after refusals is not taken for more refusals", async () => {
  const faults = [{ match: { method: "DELETE" }, then: { kind: "listLag", lists: 3 } }] as const;
  const world = await startWorld({ containers: { "pr-42": 50 }, faults });
  const stuck = idsOf(world, 0, 2);
  const { api } = await startRelay(world, refusing(stuck, "no right to delete"));
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42"], { method: exactly, session: { api } }));
  expect(message).toContain(
    "deleted 48 of 50 documents in pr-42, then the API refused to delete 2 documents in pr-42; 2 remain",
  );
  expect(outcome.tags).toMatchObject([{ deleted: 48, remaining: 2 }]);
  expectSound(world, 48);
});

/** Deletes of these documents never arrive, and are answered with an error for each. */
function refusing(
  stuck: readonly string[],
  reason: string,
  more: () => readonly { readonly id: string; readonly error: string }[] = () => [],
): Pick<RelayOptions, "rewrite" | "answer"> {
  const errors = new Map<Relayed, readonly { readonly id: string; readonly error: string }[]>();
  return {
    rewrite: (request) => {
      const asked = idsIn(request);
      if (asked.length === 0) return undefined;
      const left = [...stuck.map((id) => ({ id, error: reason })), ...more()].filter(({ id }) => asked.includes(id));
      errors.set(request, left);
      const through = asked.filter((id) => left.every((one) => one.id !== id));
      // An empty list would be a bad request, so one id that is nowhere stands for none.
      return JSON.stringify({ ids: through.length === 0 ? ["x".repeat(22)] : through });
    },
    answer: (body, request): Json | undefined => {
      const left = errors.get(request) ?? [];
      return left.length === 0 ? undefined : { ...body, errors: left };
    },
  };
}

function idsOf({ emulator }: World, from: number, to: number): readonly string[] {
  return emulator
    .documents("pr-42")
    .slice(from, to)
    .map(({ id }) => id);
}
