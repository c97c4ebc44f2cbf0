import type { FaultRule } from "../../../emulator/index";
import { LeapingClock } from "../support/clocks";
import { testTime } from "../support/host-calls";
import { sent, startEmulator } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { OneResourceStack } from "../support/host-stack";

const both = { containerTags: ["pr-42", "pr-43"] };
const config = { "supermemory:apiVersion": "v3" };

const unknown = "warning: cannot count the documents in pr-42: the operation has no time left";
const memories = containing("pr-43 still has 4 memories without a document");

test.each([
  ["3m", 0, null, [unknown]],
  ["210s", 1, null, [memories, unknown]],
  ["4m", 1, null, [memories, unknown]],
  ["5m", 2, 0, [memories]],
])("requests after a purge have only the rest of a timeout of %s", async (timeout, looks, documentCount, more) => {
  const { emulator, stack } = await slowStack();
  const from = emulator.requests.length;
  const { error, lines } = await stack.up({ ...both, timeout });
  expect([error, lines]).toEqual([undefined, [containing("deleted 5 documents in pr-43"), ...more]]);
  const purge = ["POST pr-43", "DELETE pr-43", "POST pr-43"];
  expect(sent(emulator, from)).toEqual([...purge, ...["POST pr-43", "POST pr-42"].slice(0, looks)]);
  expect(stack.outputs).toMatchObject({ deletedCount: 5, documentCount, pending: [] });
});

test("waits of requests after a purge end within the timeout", async () => {
  const clock = new LeapingClock(testTime);
  const faults: FaultRule[] = [
    { match: { containerTag: "pr-43" }, then: { kind: "rateLimit", retryAfter: 110 } },
    { match: { route: "memories.list" }, times: Infinity, then: { kind: "serverError" } },
    { match: { containerTag: "pr-42" }, nth: 2, times: Infinity, then: { kind: "serverError" } },
  ];
  const emulator = await startEmulator({ "pr-43": 5, "pr-42": 0 }, { faults });
  const stack = new OneResourceStack(emulator, { clock, config });
  await stack.up({ containerTags: ["pr-42"] });
  const start = clock.now();
  const { error, lines } = await stack.up({ ...both, timeout: "2m" });
  expect([error, stack.outputs["documentCount"]]).toEqual([undefined, null]);
  expect(lines.at(-1)).toEqual(containing("cannot count the documents in pr-42"));
  expect(clock.now() - start).toBeGreaterThan(110_000);
  expect(clock.now() - start).toBeLessThan(120_000);
});

/** A stack with "pr-42", by whose clock each request takes a minute. */
async function slowStack() {
  const emulator = await startEmulator({ "pr-42": 0, "pr-43": { documents: 5, memories: 4 } });
  const now = (): number => testTime + emulator.requests.length * 60_000;
  const clock = { now, sleep: () => Promise.reject(new Error("no")) };
  const stack = new OneResourceStack(emulator, { clock, config });
  await stack.up({ containerTags: ["pr-42"] });
  return { emulator, stack };
}
