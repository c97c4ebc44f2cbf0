import fc from "fast-check";
import {
  backoff,
  briefRetryPolicy,
  defaultRetryPolicy,
  afterDelete,
  longerWait,
  mayHaveTakenEffect,
  mayRetry,
  retryAfter,
} from "../../../provider/client/retry";
import type { ApiFailure } from "../../../provider/errors";

const now = Date.UTC(2026, 0, 1);

const lasting = ["unauthorized", "forbidden", "missing", "gone", "redirect", "rejected"] as const;
const failures: readonly ApiFailure[] = [
  ...[...lasting, "conflict" as const, "limited" as const, "server" as const].map((kind) => ({ kind, status: 500 })),
  ...(["unreachable", "interrupted-response", "no-response", "unreadable"] as const).map((kind) => ({ kind })),
];

const policies = fc.record({ baseMs: fc.nat(60_000), capMs: fc.nat(60_000), unreachableAttempts: fc.nat(9) });
const fractions = fc.double({ min: 0, max: 1, noNaN: true });

test("a backoff is never negative and never longer than the cap", () => {
  fc.assert(
    fc.property(policies, fc.integer({ min: 1, max: 5_000 }), fractions, (policy, attempt, random) => {
      const ms = backoff(policy, attempt, random);
      expect(Number.isInteger(ms) && ms >= 0 && ms <= policy.capMs).toBe(true);
    }),
  );
});

test("a backoff is a random part of its bound, which doubles from the base to the cap", () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(defaultRetryPolicy, attempt, 1));
  expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
  expect([0, 0.25, 0.5].map((random) => backoff(defaultRetryPolicy, 1, random))).toEqual([0, 125, 250]);
});

test.each([
  [undefined, 250, 250, false],
  [0, 250, 250, false],
  [1, 250, 250, false],
  [250, 250, 250, true],
  [3_000, 250, 3_000, true],
  [3_000, 8_000, 8_000, false],
  [0, 0, 0, false],
])("a request to wait %p ms with a backoff of %d ms waits %d ms", (requested, own, ms, isRequested) => {
  expect(longerWait(requested, own)).toEqual({ ms, isRequested });
});

test("Retry-After is read as seconds, or as the time until an HTTP date, and never as less than 0", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 1_000_000 }), (seconds) => {
      const ms = Math.max(0, seconds * 1000);
      expect(retryAfter(new Date(now + seconds * 1000).toUTCString(), now)).toBe(ms);
      expect(retryAfter(String(seconds), now)).toBe(seconds < 0 ? undefined : ms);
    }),
  );
  expect(retryAfter(" 1.5 ", now)).toBe(1_500);
});

test("any other Retry-After is ignored", () => {
  const headers = [undefined, "", "soon", "-5", "1e9", "NaN", "0x10", "2026-01-02", "10 s", "sm_secret_0123456789"];
  expect(headers.filter((header) => retryAfter(header, now) !== undefined)).toEqual([]);
});

test("any response but the documented one may follow the effect of a delete, unless the request was never sent", () => {
  const safe = failures.filter((failure) => !mayHaveTakenEffect(failure));
  expect(safe.map(({ kind }) => kind)).toEqual(["unreachable"]);
});

test("a list is repeated after temporary failures only", () => {
  const repeated = failures.filter((failure) => mayRetry(defaultRetryPolicy, failure, 1)).map(({ kind }) => kind);
  const lost = ["interrupted-response", "no-response"];
  expect(repeated).toEqual(["conflict", "limited", "server", "unreachable", ...lost]);
});

test("after a failed delete the purge looks and repeats it, settles it by lists, or gives up", () => {
  const kinds = (what: ReturnType<typeof afterDelete>) =>
    failures.filter((failure) => afterDelete(failure) === what).map(({ kind }) => kind);
  expect(kinds("repeat")).toEqual(["conflict", "limited", "unreachable"]);
  expect(kinds("settle")).toEqual(["server", "interrupted-response", "no-response", "unreadable"]);
  expect(kinds("give up").sort()).toEqual(["forbidden", "gone", "missing", "redirect", "rejected", "unauthorized"]);
});

test("an unreachable address gets few attempts", () => {
  for (const policy of [defaultRetryPolicy, briefRetryPolicy]) {
    const tries = [1, 2, 3, 4, 5].filter((attempt) => mayRetry(policy, { kind: "unreachable" }, attempt));
    expect(tries.length).toBe(policy.unreachableAttempts - 1);
  }
});
