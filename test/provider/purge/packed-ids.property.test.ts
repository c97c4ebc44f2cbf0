import { assert, array, constantFrom, integer, property, string, uniqueArray } from "fast-check";
import { PackedIds } from "../../../provider/purge/packed-ids";

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
