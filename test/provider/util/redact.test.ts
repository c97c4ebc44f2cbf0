import fc from "fast-check";
import { redact } from "../../../provider/util/redact";
import { key, tracesOf } from "../support/traces";

test("hides a key in every form, and nothing else", () => {
  const form = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => encodeURIComponent(text),
    (text) => text.replace(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    (text) => Buffer.from(text).toString("base64"),
    (text) => Buffer.from(`user:${text}`).toString("base64url"),
    (text) => Buffer.from(`Bearer ${text}, and more`).toString("base64"),
  );
  fc.assert(
    fc.property(key, form, (secret, put) => {
      const shown = redact(`before ${put(secret)} after`, ["another secret", secret]);
      expect(tracesOf(secret, shown)).toEqual([]);
      expect(shown).toMatch(/^before .*\[redacted\].* after$/);
    }),
  );
});

const special = String.raw`a.b/c+d$e(f)\g"h=|%`;

test.each([
  [
    "a key of special characters",
    `<${special}> <${encodeURIComponent(special)}>`,
    [special],
    "<[redacted]> <[redacted]>",
  ],
  [
    "the longer of two secrets that begin alike",
    "sm_one_two sm_one",
    ["sm_one", "sm_one_two"],
    "[redacted] [redacted]",
  ],
  ["what follows Bearer, even if unknown", "bearer  abc.def== and more", [], "Bearer [redacted] and more"],
  ["a short secret as a whole", "the key abc, or ABCD", ["abc"], "the key [redacted], or [redacted]D"],
  ["nothing for an empty secret", "plain", [""], "plain"],
])("hides %s", (_what, text, secrets, shown) => {
  expect(redact(text, secrets)).toBe(shown);
});
