import fc from "fast-check";
import {
  askedWaitMs,
  backoff,
  briefRetryPolicy,
  defaultRetryPolicy,
  afterDelete,
  longerWait,
  mayHaveTakenEffect,
  Retries,
  retryAfter,
  retryForMs,
} from "../../../provider/client/retry";
import type { ApiFailure } from "../../../provider/errors";

const now = Date.UTC(2026, 0, 1);

const lasting = ["unauthorized", "forbidden", "missing", "gone", "redirect", "rejected"] as const;
const failures: readonly ApiFailure[] = [
  ...[...lasting, "conflict" as const, "limited" as const, "server" as const].map((kind) => ({ kind, status: 500 })),
  ...(["unreachable", "interrupted-response", "no-response", "unreadable"] as const).map((kind) => ({ kind })),
];

const policies = fc.record({
  baseMs: fc.nat(60_000),
  capMs: fc.nat(60_000),
  firstContactMs: fc.nat(60_000),
  outageMs: fc.nat(60_000),
});
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

const second = Math.floor(now / 1000);

test.each<[object, number | undefined]>([
  [{}, undefined],
  [{ retryAfterMs: "1500" }, 1_500],
  [{ retryAfterMs: "0.2" }, 1],
  [{ retryAfter: "3", retryAfterMs: "1500", rateLimitReset: "9" }, 3_000],
  [{ retryAfter: "soon", retryAfterMs: "1500", rateLimitReset: "9" }, 1_500],
  [{ retryAfterMs: "-1", rateLimitReset: " 9 " }, 9_000],
  [{ rateLimitReset: String(second + 20) }, 20_000],
  [{ rateLimitReset: String(now + 1_234) }, 1_234],
  [{ rateLimitReset: String(second - 20) }, 0],
  [{ rateLimitReset: String(second + 20), date: new Date(now + 15_000).toUTCString() }, 5_000],
  [{ rateLimitReset: String(second + 3_600) }, 60_000],
  [{ rateLimitReset: "9".repeat(400) }, 60_000],
  [{ rateLimitReset: "soon" }, undefined],
  [{ rateLimitReset: "9", status: 500 }, undefined],
  [{ rateLimitReset: "9", status: 503 }, 9_000],
  [{ retryAfterMs: "1500", status: 500 }, 1_500],
])("a 429 with %j asks for a wait of %p ms", (headers, ms) => {
  expect(askedWaitMs({ status: 429, retryAfter: undefined, ...headers }, now)).toBe(ms);
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
  const repeated = failures
    .filter((failure) => retryForMs(defaultRetryPolicy, failure, false) > 0)
    .map(({ kind }) => kind);
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

const away: ApiFailure = { kind: "unreachable", problem: "the connection was refused" };

test.each<[ApiFailure, boolean, number, number]>([
  [away, false, 10_000, 500],
  [away, true, Infinity, 5_000],
  [{ ...away, problem: "the host name is unknown" }, false, 10_000, 500],
  [{ ...away, lasting: false }, true, Infinity, 5_000],
  [{ ...away, lasting: true }, false, 0, 0],
  [{ ...away, lasting: true }, true, 0, 0],
  [{ kind: "server", status: 503 }, false, Infinity, Infinity],
  [{ kind: "unauthorized", status: 401 }, true, 0, 0],
])("after %j (responded before: %p) a list is repeated for %d ms, and a quick look for %d ms", (failure, ...given) => {
  const [hasResponded, ms, brief] = given;
  const policiesOfBoth = [defaultRetryPolicy, briefRetryPolicy];
  expect(policiesOfBoth.map((policy) => retryForMs(policy, failure, hasResponded))).toEqual([ms, brief]);
});

test("an outage is measured from its first failure, and a response in between ends it", () => {
  const retries = new Retries(defaultRetryPolicy);
  const after = (failure: ApiFailure, ms: number) => retries.after(failure, false, now + ms);
  expect(after(away, 3_000)).toEqual({ attempt: 1, maxMs: 5_000 });
  expect(after(away, 10_000)).toEqual({ attempt: 2, maxMs: 3_000 });
  expect(after({ kind: "server", status: 500 }, 12_000)).toEqual({ attempt: 3, maxMs: Infinity });
  expect(after(away, 13_000)).toEqual({ attempt: 4, maxMs: 5_000 });
  expect(after(away, 23_000)).toBeUndefined();
});
