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

test("hides a key of special characters, plain and percent-encoded", () => {
  const secret = String.raw`a.b/c+d$e(f)\g"h=|%`;
  expect(redact(`<${secret}> <${encodeURIComponent(secret)}>`, [secret])).toBe("<[redacted]> <[redacted]>");
});

test("hides the longer of two secrets that begin alike", () => {
  expect(redact("sm_one_two sm_one", ["sm_one", "sm_one_two"])).toBe("[redacted] [redacted]");
});

test("hides what follows Bearer, even if it is no known secret", () => {
  expect(redact("authorization: bearer  abc.def== and more", [])).toBe("authorization: Bearer [redacted] and more");
});

test("hides a short secret as a whole, and nothing for an empty one", () => {
  expect(redact("the key abc, or ABCD", ["abc"])).toBe("the key [redacted], or [redacted]D");
  expect(redact("plain", [""])).toBe("plain");
});
