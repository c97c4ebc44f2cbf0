import type { Fault, FaultRule } from "../../../emulator/index";
import { clear } from "../../../provider/client/api";
import { Deadline } from "../../../provider/client/deadline";
import { DeadlineError, StoppedError } from "../../../provider/errors";
import { startHostile } from "../support/hostile";
import { errorOf, expectSound, incomplete, purgeTags, sent, startWorld } from "../support/world";

const toList = { route: "documents.list" } as const;
const toDelete = { route: "documents.deleteBulk" } as const;
const containers = { "pr-42": 5 };

test("a list with the response 429 is repeated after the seconds in Retry-After", async () => {
  const world = await startWorld({
    containers,
    faults: [{ match: toList, then: { kind: "rateLimit", retryAfter: 7 } }],
  });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([7_000]);
  expect(world.waits).toEqual([{ reason: "limited", status: 429, ms: 7_000 }]);
  expect(sent(world)).toEqual(["list pr-42", "list pr-42", "delete pr-42", "list pr-42"]);
  expectSound(world, outcome.deleted);
});

test("waits until the date in Retry-After", async () => {
  const retryAfter = "Thu, 01 Jan 2026 00:02:00 GMT";
  const world = await startWorld({ containers, faults: [{ match: toList, then: { kind: "rateLimit", retryAfter } }] });
  await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([120_000]);
  expectSound(world, 5);
});

test("after Retry-After: 0 the client still backs off", async () => {
  const then = { kind: "rateLimit", retryAfter: 0 } as const;
  const world = await startWorld({ containers, faults: [{ match: toList, times: 3, then }] });
  await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([250, 500, 1_000]);
  expectSound(world, 5);
});

test("a delete with the response 429 had no effect and is repeated", async () => {
  const world = await startWorld({
    containers,
    faults: [{ match: toDelete, then: { kind: "rateLimit", retryAfter: 2 } }],
  });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([2_000]);
  expect(sent(world)).toEqual(["list pr-42", "delete pr-42", "delete pr-42", "list pr-42"]);
  expectSound(world, outcome.deleted);
});

test("a Retry-After beyond the deadline fails immediately, with both numbers", async () => {
  const then = { kind: "rateLimit", retryAfter: 3_600 } as const;
  const world = await startWorld({ containers, faults: [{ match: toList, then }] });
  const error = await errorOf(purgeTags(world, ["pr-42"]));
  expect(error).toBeInstanceOf(DeadlineError);
  expect(error.message).toBe(
    "the API asked for a 3600 s wait (Retry-After), longer than the time left (timeout 10m); nothing was deleted",
  );
  expect(world.clock.slept).toEqual([]);
  expectSound(world, 0);
});

test.each<[string, Fault]>([
  ["500", { kind: "serverError" }],
  ["503", { kind: "serverError", status: 503 }],
  ["a reset connection", { kind: "reset", when: "beforeEffect" }],
])("a list is repeated after %s, with increasing backoff", async (_name, then) => {
  const world = await startWorld({ containers, faults: [{ match: toList, times: 3, then }] });
  const outcome = await purgeTags(world, ["pr-42"]);
  expect(world.clock.slept).toEqual([250, 500, 1_000]);
  expectSound(world, outcome.deleted);
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

test("a stop during a wait ends the purge, and nothing was deleted", async () => {
  const faults: FaultRule[] = [{ match: toList, then: { kind: "rateLimit", retryAfter: 7 } }];
  const world = await startWorld({ containers, faults });
  const stop = (): void => {
    world.stop.abort();
  };
  const error = await errorOf(purgeTags(world, ["pr-42"], { session: { onWait: stop } }));
  expect(error).toBeInstanceOf(StoppedError);
  expect(error.message).toBe("the operation was stopped; nothing was deleted");
  expect(sent(world)).toEqual(["list pr-42"]);
  expectSound(world, 0);
});

test("a stop during the wait of a delete ends the purge without another delete", async () => {
  const faults: FaultRule[] = [{ match: toDelete, then: { kind: "rateLimit", retryAfter: 7 } }];
  const world = await startWorld({ containers, faults });
  const stop = (): void => {
    world.stop.abort();
  };
  const error = await incomplete(purgeTags(world, ["pr-42"], { session: { onWait: stop } }));
  expect(error.message).toContain("then the operation was stopped");
  expect(sent(world)).toEqual(["list pr-42", "delete pr-42"]);
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
  const late = await errorOf(api.list({ containerTag: "pr-42", page: 1, order: "desc" }, { ...context, deadline }));
  deadline.end();
  expect(late.message).toBe("the API sent no response until the timeout (10m)");
  expect(hostile.requests).toHaveLength(2);
});
