import fc from "fast-check";
import { keyHider, printable } from "../../../provider/util/foreign-text";
import { key, tracesOf } from "../support/traces";

test("what others wrote is shown on one line without control characters, and cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(50), (text, most) => {
      const shown = printable(text, most);
      expect(shown.length).toBeLessThanOrEqual(most);
      expect(shown).not.toMatch(/[^\P{C}\p{Cs}]|\s{2}|##\w*\[|<\{%/u);
    }),
  );
});

test.each([
  ["pr-42", "pr-42"],
  ["a::b", "a::b"],
  ["two\n lines\t and\u00a0more", "two lines and more"],
  ["\u001b[31mred\u001b[0m", "\ufffd[31mred\ufffd[0m"],
  ["\u202eright to left\u200b", "\ufffdright to left\ufffd"],
  ["##[error]x ##vso[task.complete]y ##teamcity[z]", "\ufffd[error]x \ufffdvso[task.complete]y \ufffdteamcity[z]"],
  ["<{%fg 1%}>red", "\ufffdfg 1%}>red"],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text, 100)).toBe(shown);
});

test("of a key nothing is left, whole, in part or encoded, and of the rest everything", () => {
  const form = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.slice(3, 15),
    (text) => encodeURIComponent(text),
    (text) => text.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (text) => Buffer.from(text).toString("hex"),
    (text) => Buffer.from(text).toString("base64"),
    (text) => Buffer.from(`user:${text}`).toString("base64url"),
    (text) => Buffer.from(`Bearer ${text}, and more`).toString("base64"),
  );
  fc.assert(
    fc.property(key, form, (secret, put) => {
      const shown = keyHider(secret)(`before ${put(secret)} after`);
      expect(tracesOf(secret, shown)).toEqual([]);
      expect(shown).toMatch(/^before .*\[redacted\].* after$/);
    }),
  );
});

test("a short key is hidden as a whole", () => {
  expect(keyHider("abc")("the key abc, or ABCD")).toBe("the key [redacted], or [redacted]D");
  expect(keyHider("")("the key")).toBe("the key");
});
