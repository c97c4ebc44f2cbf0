import fc from "fast-check";
import {
  ApiError,
  ConfigError,
  hintsOf,
  messageOf,
  RefusedError,
  summaryOf,
  SupermemoryError,
  withNothingDeleted,
} from "../../provider/errors";

test("an error redacts its secrets from the summary, the hints and the message", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^sm_[A-Za-z0-9_]{16,40}$/), fc.string(), fc.string(), (key, before, after) => {
      const text = `${before}${key}${after}`;
      for (const error of [
        new SupermemoryError(text, [text], [key]),
        new ConfigError(text, [text], [key]),
        new ApiError({ kind: "unreadable" }, text, [text], [key]),
      ]) {
        expect([error.message, error.summary, ...error.hints].join()).not.toContain(key);
      }
    }),
  );
});

test("a message is the summary and the hints, one line each", () => {
  const error = new RefusedError("maxDeletions", "too many", ["raise maxDeletions", "or purge fewer tags"]);
  expect(error.message).toBe("too many\nraise maxDeletions\nor purge fewer tags");
  expect(new SupermemoryError("a\nb", ["c"])).toMatchObject({ summary: "a", hints: ["b", "c"], message: "a\nb\nc" });
});

test('"nothing was deleted" ends the first line, and stays out of the summary', () => {
  const error = new RefusedError("", "too many", ["raise maxDeletions"]);
  const message = "too many; nothing was deleted\nraise maxDeletions";
  expect(withNothingDeleted(error)).toBe(error);
  expect(withNothingDeleted(error)).toMatchObject({ message, summary: "too many" });
  const bug = new TypeError("x is undefined");
  expect(withNothingDeleted(bug)).toBe(bug);
  expect(bug.message).toBe("x is undefined");
});

test("the parts of anything that was thrown can be read", () => {
  const ours = new SupermemoryError("summary", ["hint"]);
  const thrown = [ours, new Error("message"), "text", 3, undefined];
  expect(thrown.map(messageOf)).toEqual(["summary\nhint", "message", "text", "3", "undefined"]);
  expect(thrown.map(summaryOf)).toEqual(["summary", "message", "text", "3", "undefined"]);
  expect(thrown.map(hintsOf)).toEqual([["hint"], [], [], [], []]);
});
