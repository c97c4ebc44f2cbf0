import { Deadline } from "../../../provider/client/deadline";
import { RefusedError } from "../../../provider/errors";
import type { PurgeMethod, DocumentFilter } from "../../../provider/purge/types";
import { errorOf, expectSound, purgeTags, sent, startWorld, type World } from "../support/world";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe("a purge by age", () => {
  test.each<[string, number, DocumentFilter]>([
    ["6 minutes ahead of", 6 * minute, { olderThanMs: day }],
    ["3 hours behind", -3 * hour, { newerThanMs: day }],
    ["297 days ahead of", 297 * day, { newerThanMs: day, status: ["done"] }],
  ])("is refused where this machine's clock is %s that of the API", async (told, skew, select) => {
    const world = await startWorld({ containers: { "pr-42": 5 } });
    const error = await errorOf(purgeTags(world, ["pr-42"], { method: byIds(select), session: wrongBy(skew, world) }));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ property: "" });
    expect(error.message).toBe(
      `the clock of this machine is ${told} that of the API, and ages go by it; nothing was deleted\nset the clock right, and run the same command again`,
    );
    expect(sent(world)).toEqual(["list pr-42"]);
    expectSound(world, 0);
  });

  test.each([4 * minute, -4 * minute])("goes on where the clocks differ by %d ms", async (skew) => {
    const world = await startWorld({ containers: { "pr-42": 5 } });
    const method = byIds({ newerThanMs: day });
    expect((await purgeTags(world, ["pr-42"], { method, session: wrongBy(skew, world) })).deleted).toBe(5);
    expectSound(world, 5);
  });
});

test.each<[string, PurgeMethod]>([
  ["by tag", { kind: "tag" }],
  ["by ids", byIds(undefined)],
  ["by status", byIds({ status: ["done"] })],
])("a purge %s asks for no clock", async (_how, method) => {
  const world = await startWorld({ containers: { "pr-42": 5 } });
  expect((await purgeTags(world, ["pr-42"], { method, session: wrongBy(297 * day, world) })).deleted).toBe(5);
  expectSound(world, 5);
});

function byIds(select: DocumentFilter | undefined): PurgeMethod {
  return { kind: "ids", select, sharedDocuments: "delete" };
}

/** A clock that differs from the emulator's. */
function wrongBy(skew: number, { clock, stop }: World) {
  const wrong = { now: () => clock.now() + skew, sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms, signal) };
  return { deadline: new Deadline(600_000, wrong, stop.signal) };
}
