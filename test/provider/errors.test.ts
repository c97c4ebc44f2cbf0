import fc from "fast-check";
import { ApiError, ConfigError, messageOf, redact, SupermemoryError } from "../../provider/errors";

test("an error redacts itself when it is made", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^sm_[A-Za-z0-9_]{16,40}$/), fc.string(), fc.string(), (key, before, after) => {
      const text = `${before}${key}${after}`;
      expect(new SupermemoryError(text, [key]).message).not.toContain(key);
      expect(new ConfigError(text, [key]).message).not.toContain(key);
      expect(new ApiError({ kind: "unreadable" }, text, [key]).message).not.toContain(key);
    }),
  );
});

test("what follows Bearer is redacted though nobody named it", () => {
  expect(redact("authorization: bearer  abc.def== and more", [])).toBe("authorization: Bearer [redacted] and more");
});

test("an empty secret redacts nothing", () => {
  expect(redact("plain", [""])).toBe("plain");
});

test("the message of anything thrown can be had", () => {
  expect([new Error("told"), "text", 3, undefined].map(messageOf)).toEqual(["told", "text", "3", "undefined"]);
});
