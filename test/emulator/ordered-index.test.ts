import { assert, array, boolean, constantFrom, integer, oneof, property, record, constant } from "fast-check";
import { OrderedIndex } from "../../emulator/store/ordered-index";

const step = oneof(
  record({ kind: constant("add" as const), key: integer({ min: 0, max: 20 }) }),
  record({ kind: constant("remove" as const), nth: integer({ min: 0, max: 50 }) }),
  record({
    kind: constant("page" as const),
    offset: integer({ min: 0, max: 30 }),
    count: integer({ min: 0, max: 10 }),
    asc: boolean(),
  }),
);

describe("the ordered index", () => {
  test("agrees with a sorted list for any additions, removals and reads", () => {
    assert(
      property(array(step, { maxLength: 80 }), (steps) => {
        const index = new OrderedIndex();
        let model: { key: number; slot: number }[] = [];
        let slot = 0;
        for (const next of steps) {
          if (next.kind === "add") {
            index.add(next.key, slot);
            model.push({ key: next.key, slot });
            model.sort((left, right) => left.key - right.key || left.slot - right.slot);
            slot += 1;
          } else if (next.kind === "remove") {
            const removed = model[next.nth];
            if (removed !== undefined) index.remove(removed.key, removed.slot);
            model = model.filter((entry) => entry !== removed);
          } else {
            const slots = model.map((entry) => entry.slot);
            const expected = next.asc ? slots : slots.reverse();
            expect(index.page(next.offset, next.count, next.asc ? "asc" : "desc")).toEqual(
              expected.slice(next.offset, next.offset + next.count),
            );
          }
          expect(index.size).toBe(model.length);
        }
        expect(index.all()).toEqual(model.map((entry) => entry.slot));
      }),
    );
  });

  test("returns exact pages across several blocks with gaps, in both orders", () => {
    assert(
      property(
        integer({ min: 2, max: 7 }),
        integer({ min: 0, max: 5_000 }),
        constantFrom("asc" as const, "desc" as const),
        (every, offset, order) => {
          const index = new OrderedIndex();
          for (let slot = 0; slot < 5_000; slot += 1) index.add(slot, slot);
          for (let slot = 0; slot < 5_000; slot += every) index.remove(slot, slot);
          const remaining = Array.from({ length: 5_000 }, (_, slot) => slot).filter((slot) => slot % every !== 0);
          if (order === "desc") remaining.reverse();
          expect(index.page(offset, 100, order)).toEqual(remaining.slice(offset, offset + 100));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("ignores the removal of an unknown entry", () => {
    const index = new OrderedIndex();
    index.add(1, 1);
    index.remove(1, 2);
    index.remove(2, 1);
    expect(index.all()).toEqual([1]);
  });
});
