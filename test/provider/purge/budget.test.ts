import { maxRequests, withBudget } from "../../../provider/purge/budget";
import { errorOf, startWorld } from "../support/world";

const effort = { tags: 1, pages: 0, seconds: 0, concurrency: 8 };

test.each([
  [{}, 1_100],
  [{ tags: 100 }, 11_000],
  [{ pages: 50 }, 1_100 + 1_000 + 157],
  [{ pages: 10_000 }, 1_100 + 200_000 + 6_250_000],
  [{ seconds: 60 }, 1_100 + 480],
  [{ seconds: 60, pages: 50 }, 1_100 + 1_000 + 157 + 60 * 58],
])("an operation with %j may send %d requests", (given, requests) => {
  expect(maxRequests({ ...effort, ...given })).toBe(requests);
});

test("a session stops when its budget is spent, and names the budget", async () => {
  const { session } = await startWorld();
  const sent: boolean[] = [];
  const budgeted = withBudget({ ...session, onAttempt: (mutating) => sent.push(mutating) }, 1);
  for (let request = 0; request < 1_100; request += 1) budgeted.onAttempt(false);
  const { message } = await errorOf(
    Promise.resolve().then(() => {
      budgeted.onAttempt(false);
    }),
  );
  expect(message).toMatch(/^this operation sent 1,100 requests, its budget for 0 documents in 1 container$/m);
  expect(sent).toHaveLength(1_100);
});

test("a budget grows with the largest list of each container, and with time", async () => {
  const { clock, session } = await startWorld();
  const budgeted = withBudget(session, 2);
  budgeted.onListed?.("pr-1", 700);
  budgeted.onListed?.("pr-1", 300);
  budgeted.onListed?.("pr-1", 800);
  budgeted.onListed?.("pr-2", 100);
  // 1,200 for the containers, 20 for each of 11 pages, and their square.
  const atOnce = 1_200 + 220 + 8;
  for (let request = 0; request < atOnce; request += 1) budgeted.onAttempt(true);
  const stopped = async (): Promise<Error> =>
    await errorOf(
      Promise.resolve().then(() => {
        budgeted.onAttempt(true);
      }),
    );
  expect((await stopped()).message).toContain("for 900 documents in 2 containers");
  await clock.sleep(1_000, new AbortController().signal);
  for (let request = 0; request < 8 + 11 - 1; request += 1) budgeted.onAttempt(true);
  expect((await stopped()).message).toContain("sent 1,447 requests");
});
