import type { Emulator } from "../../../emulator/index";
import { LeapingClock } from "../support/clocks";
import { testTime } from "../support/host-calls";
import { sent, startEmulator } from "../support/host-emulator";
import { containing } from "../support/host-matchers";
import { OneResourceStack } from "../support/host-stack";

const minute = 60_000;

test.each([
  ["3m", 0],
  ["210s", 1],
  ["4m", 1],
])("what is looked up after a purge has only what is left of a timeout of %s", async (timeout, looks) => {
  const { emulator, stack } = await slowStack();
  const from = emulator.requests.length;
  const { error, lines } = await stack.up({ containerTags: ["pr-42", "pr-43"], timeout });
  expect(error).toBeUndefined();
  expect(lines[0]).toContain("deleted 5 documents in pr-43");
  expect(lines.at(-1)).toBe("warning: cannot count the documents in pr-42: the operation has no time left");
  expect(sent(emulator, from)).toEqual([
    "POST pr-43",
    "DELETE pr-43",
    "POST pr-43",
    ...Array<string>(looks).fill("GET "),
  ]);
  expect(stack.outputs).toMatchObject({ deletedCount: 5, documentCount: null, pending: [] });
});

test("what is looked up after a purge is looked up while some time is left", async () => {
  const { stack } = await slowStack();
  const { lines } = await stack.up({ containerTags: ["pr-42", "pr-43"], timeout: "5m" });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain("pr-43 still has 4 memories without a document");
  expect(stack.outputs).toMatchObject({ deletedCount: 5, documentCount: 0 });
});

test("waits of what is looked up after a purge end within the timeout, too", async () => {
  const clock = new LeapingClock(testTime);
  const emulator = await startEmulator(
    { "pr-43": 5, "pr-42": 0 },
    {
      faults: [
        { match: { containerTag: "pr-43" }, then: { kind: "rateLimit", retryAfter: 115 } },
        { match: { route: "containerTags.list" }, times: Infinity, then: { kind: "serverError" } },
        { match: { containerTag: "pr-42" }, nth: 2, times: Infinity, then: { kind: "serverError" } },
      ],
    },
  );
  const stack = new OneResourceStack(emulator, { clock, config: { "supermemory:apiVersion": "v3" } });
  await stack.up({ containerTags: ["pr-42"] });
  const start = clock.now();
  const { error, lines } = await stack.up({ containerTags: ["pr-42", "pr-43"], timeout: "2m" });
  expect([error, stack.outputs["documentCount"]]).toEqual([undefined, null]);
  expect(lines.at(-1)).toEqual(containing("cannot count the documents in pr-42"));
  expect(clock.now() - start).toBeGreaterThan(115_000);
  expect(clock.now() - start).toBeLessThan(120_000);
});

/** A stack with "pr-42", by whose clock each request takes a minute. */
async function slowStack(): Promise<{ readonly emulator: Emulator; readonly stack: OneResourceStack }> {
  const emulator = await startEmulator({ "pr-42": 0, "pr-43": { documents: 5, memories: 4 } });
  const begin = testTime;
  const clock = { now: () => begin + emulator.requests.length * minute, sleep: () => Promise.reject(new Error("no")) };
  const stack = new OneResourceStack(emulator, { clock, config: { "supermemory:apiVersion": "v3" } });
  await stack.up({ containerTags: ["pr-42"] });
  return { emulator, stack };
}
