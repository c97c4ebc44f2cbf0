import { count, documents, duration, names, wholeTime } from "../../../provider/util/format";

test("numbers of documents are written with their noun", () => {
  expect([0, 1, 2, 1_200].map(documents)).toEqual(["0 documents", "1 document", "2 documents", "1,200 documents"]);
});

test("digits are grouped by three, as in English", () => {
  const shown = [999, 1_000, 12_345, 999_999, 1_000_000, 9_007_199_254_740_991].map(count).join(" ");
  expect(shown).toBe("999 1,000 12,345 999,999 1,000,000 9,007,199,254,740,991");
});

test("only the first tags are listed, and the others counted", () => {
  expect(names([])).toBe("no container");
  expect(names(["pr-42"])).toBe("pr-42");
  expect(names(["a", "b"])).toBe("a and b");
  expect(names(["a", "b", "c"])).toBe("a, b and c");
  expect(names(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  expect(names(Array.from({ length: 1_503 }, () => "pr-42"))).toBe("pr-42, pr-42, pr-42 and 1,500 more");
});

test("a short duration is more exact than a long one", () => {
  const shown = [0, 412, 9_949, 9_950, 41_000, 119_999, 120_000, 600_000].map(duration).join(", ");
  expect(shown).toBe("0.0 s, 0.4 s, 9.9 s, 10 s, 41 s, 120 s, 2 min, 10 min");
});

test("a time to come is in whole units, and never zero", () => {
  const shown = [0, 400, 1_001, 120_000, 120_001, 7_200_000, 7_200_001].map(wholeTime).join(", ");
  expect(shown).toBe("1 s, 1 s, 2 s, 120 s, 3 min, 120 min, 3 h");
});
