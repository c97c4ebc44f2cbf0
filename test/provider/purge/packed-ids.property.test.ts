import { assert, array, constantFrom, integer, property, string, uniqueArray } from "fast-check";
import { hash, PackedIds } from "../../../provider/purge/packed-ids";
import { listRemaining } from "../../../provider/purge/remaining";
import { startAnswering } from "../support/hostile";
import { startWorld } from "../support/world";

/** Printable ASCII without blanks, as the client lets ids pass. */
const id = string({
  unit: constantFrom(...Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))),
  minLength: 1,
  maxLength: 40,
});

test("batches give back exactly the ids that were added, in their order, none larger than asked", () => {
  assert(
    property(array(id, { maxLength: 60 }), integer({ min: 1, max: 70 }), (ids, most) => {
      const batches = [...packed(ids).batches(most)];
      expect(batches.flat()).toEqual(ids);
      expect(batches.slice(0, -1).every((batch) => batch.length === most)).toBe(true);
      expect(batches.every((batch) => batch.length > 0 && batch.length <= most)).toBe(true);
    }),
  );
});

test.each([0, 1, 99, 100, 101, 999, 1_000, 1_001, 2_000, 2_100])("%i ids come back whole, pack by pack", (size) => {
  const ids = Array.from({ length: size }, (_, index) => `id-${index}`);
  const held = packed(ids);
  expect(held.size).toBe(size);
  expect([...held.batches(100)].flat()).toEqual(ids);
  expect(held.only([...ids, "other"])).toEqual(ids);
});

test("only and mayHold tell the ids that are held from others", () => {
  assert(
    property(uniqueArray(id, { minLength: 1, maxLength: 60 }), integer({ min: 0, max: 60 }), (ids, cut) => {
      const [inside, outside] = [ids.slice(0, cut), ids.slice(cut)];
      const held = packed(inside);
      expect(held.only(ids)).toEqual(inside);
      expect(inside.every((one) => held.mayHold(one))).toBe(true);
      expect(outside.some((one) => held.mayHold(one))).toBe(false);
    }),
  );
});

test("an id that is added after a question is held, too", () => {
  const held = packed(["a"]);
  expect(held.mayHold("b")).toBe(false);
  held.add("b");
  expect([held.mayHold("a"), held.mayHold("b"), held.mayHold("c")]).toEqual([true, true, false]);
});

test("of two ids with one hash only has the last word", () => {
  const [held, other] = ["2b7ru6uxuod", "2e5zaedmuy6"];
  expect(hash(held)).toBe(hash(other));
  expect(packed([held]).mayHold(other)).toBe(true);
  expect(packed([held]).only([other, held])).toEqual([held]);
});

test("a document whose id has the hash of one that is to go is no part of what is left", async () => {
  const row = { id: "2e5zaedmuy6", createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags: ["pr-42"] };
  const { api } = await startAnswering(200, { memories: [row], pagination: { totalItems: 1 } });
  const ids = packed(["2b7ru6uxuod"]);
  const seen = { listed: 2, kept: [], newest: Date.UTC(2026, 0, 2), alsoCarried: new Map(), allTagsSeen: true };
  const plan = { containerTag: "pr-42", event: "create", count: 1, ids, ...seen } as const;
  const { session } = await startWorld();
  expect(await listRemaining(plan, { ...session, api })).toMatchObject({ total: 1, ofPlan: 0, ids: [] });
});

test("ten thousand ids have hashes of their own", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `d${index.toString(36).padStart(21, "0")}`);
  const held = packed(ids);
  expect(ids.every((one) => held.mayHold(one))).toBe(true);
  expect(ids.filter((one) => held.mayHold(`x${one}`))).toEqual([]);
});

function packed(ids: readonly string[]): PackedIds {
  const all = new PackedIds();
  for (const one of ids) all.add(one);
  return all;
}
