import fc from "fast-check";
import { printable } from "../../../provider/util/printable";

test("any text becomes one short line without control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(50), (text, max) => {
      const shown = printable(text, max);
      expect(shown.length).toBeLessThanOrEqual(max);
      expect(shown).not.toMatch(/[^\P{C}\p{Cs}]|\s{2}|##\w*\[|<\{%|^ ?::/u);
    }),
  );
});

test.each([
  ["pr-42", "pr-42"],
  ["a::b", "a::b"],
  ["::add-mask::x", ": :add-mask::x"],
  ["two\n lines\t and\u00a0more", "two lines and more"],
  ["\u001b[31mred\u001b[0m", "\ufffd[31mred\ufffd[0m"],
  ["\u202eright to left\u200b", "\ufffdright to left\ufffd"],
  ["##[error]x ##vso[task.complete]y ##teamcity[z]", "\ufffd[error]x \ufffdvso[task.complete]y \ufffdteamcity[z]"],
  ["<{%fg 1%}>red", "\ufffdfg 1%}>red"],
])("%j becomes %j", (text, shown) => {
  expect(printable(text, 100)).toBe(shown);
});
