import type { Fault, FaultRule } from "../../../emulator/index";
import { clear } from "../../../provider/client/api";
import { Deadline } from "../../../provider/client/deadline";
import { StoppedError } from "../../../provider/errors";
import { PurgeIncompleteError } from "../../../provider/purge/purge";
import { listPage, startAnswering, startHostile } from "../support/hostile";
import { errorOf, expectSound, purgeTags, sent, startWorld } from "../support/world";

const toList = { route: "documents.list" } as const;
const toDelete = { route: "documents.deleteBulk" } as const;
const containers = { "pr-42": 5 };
const limited = { reason: "limited", status: 429 } as const;
const all = { ...limited, holdsAllBack: true } as const;
const interrupted = { reason: "interrupted-response", status: undefined } as const;
const twoMinutesLater = "Thu, 01 Jan 2026 00:02:00 GMT";

test.each<[string, Fault, object, number[]]>([
  ["429, after the seconds in Retry-After", { kind: "rateLimit", retryAfter: 7 }, all, [7_000]],
  ["429, after the date in Retry-After", { kind: "rateLimit", retryAfter: twoMinutesLater }, all, [120_000]],
  ["429, after retry-after-ms", { kind: "rateLimit", headers: { "retry-after-ms": "7000" } }, all, [7_000]],
  ["429, after X-RateLimit-Reset", { kind: "rateLimit", headers: { "x-ratelimit-reset": "7" } }, all, [7_000]],
  [
    "429, with backoff after a reset in the past",
    { kind: "rateLimit", headers: { "x-ratelimit-reset": "1600000000" } },
    limited,
    [250, 500, 1_000],
  ],
  ["429, with backoff after Retry-After: 0", { kind: "rateLimit", retryAfter: 0 }, limited, [250, 500, 1_000]],
  ["500, with backoff", { kind: "serverError" }, { reason: "server", status: 500 }, [250, 500, 1_000]],
  ["503, with backoff", { kind: "serverError", status: 503 }, { reason: "server", status: 503 }, [250, 500, 1_000]],
  ["a reset connection, with backoff", { kind: "reset", when: "beforeEffect" }, interrupted, [250, 500, 1_000]],
])("a list is repeated after %s", async (_what, then, cause, waits) => {
  const faults = [{ match: toList, times: waits.length, then }];
  const world = await startWorld({ containers, faults });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual(waits);
  expect(world.waits).toEqual(waits.map((ms) => ({ ...cause, ms })));
  expect(sent(world)).toEqual([...waits.map(() => "list pr-42"), "list pr-42", "delete pr-42", "list pr-42"]);
  expectSound(world, outcome.deleted);
});

test.each([
  ["3600", "3600 s wait"],
  ["99999", "wait of more than a day"],
  ["9".repeat(400), "wait of more than a day"],
  ["Fri, 31 Dec 9999 23:59:59 GMT", "wait of more than a day"],
])("a Retry-After beyond the timeout fails immediately: %s", async (header, wait) => {
  for (const status of [429, 503]) {
    const hostile = await startAnswering(status, { error: "later" }, { headers: { "retry-after": header } });
    const message = `the API asked for a ${wait} (Retry-After), longer than the time left (timeout 10m)`;
    expect(await errorOf(listPage(hostile))).toMatchObject({ name: "DeadlineError", message });
    expect([hostile.requests.length, hostile.clock.slept]).toEqual([1, []]);
  }
});

test("the first of several Retry-After headers counts", async () => {
  const hostile = await startHostile((_request, response) => {
    response.writeHead(429, ["retry-after", "700", "retry-after", "1"]).end();
  });
  expect((await errorOf(listPage(hostile))).message).toContain("asked for a 700 s wait");
});

test("a list is repeated until the deadline, and not beyond", async () => {
  const faults: FaultRule[] = [{ match: toList, times: Infinity, then: { kind: "serverError", status: 502 } }];
  const world = await startWorld({ containers, faults, timeoutMs: 60_000 });
  const start = world.clock.now();
  const error = await errorOf(purgeTags(world, ["pr-42"]));
  expect(error.message).toBe("the API returned 502 until the timeout (1m); nothing was deleted");
  expect(world.clock.now() - start).toBeLessThan(60_000);
  expectSound(world, 0);
});

test.each([
  ["list", toList, StoppedError, /^the operation was stopped; nothing was deleted$/, ["list pr-42"]],
  ["delete", toDelete, PurgeIncompleteError, /then the operation was stopped/, ["list pr-42", "delete pr-42"]],
])("a stop during the wait of a %s ends the purge", async (_what, match, type, message, requests) => {
  const faults: FaultRule[] = [{ match, then: { kind: "rateLimit", retryAfter: 7 } }];
  const world = await startWorld({ containers, faults });
  const onWait = (): void => {
    world.stop.abort();
  };
  const error = await errorOf(purgeTags(world, ["pr-42"], { session: { onWait } }));
  expect(error).toBeInstanceOf(type);
  expect(error.message).toMatch(message);
  expect(sent(world)).toEqual(requests);
  expectSound(world, 0);
});

test("a delete interrupted at the deadline may have had its effect, a list is only late", async () => {
  const hostile = await startHostile((_request, response) => {
    hostile.clock.advance(600_000);
    response.socket?.destroy();
  });
  const { api, context } = hostile;
  const lost = await errorOf(api.deleteIds(clear({ containerTag: "pr-42", ids: ["a"] }), context));
  expect(lost).toMatchObject({ failure: { kind: "interrupted-response" } });
  const deadline = new Deadline(600_000, hostile.clock);
  const late = await errorOf(listPage({ api, context: { ...context, deadline } }));
  deadline.end();
  expect(late.message).toBe("the API sent no response until the timeout (10m)");
  expect(hostile.requests).toHaveLength(2);
});
