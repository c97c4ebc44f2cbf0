import { createManualClock } from "../../emulator/index";
import { openEmulator } from "../wire/emulator";
import { apiKeys } from "./support/keys";
import { purge, send, start } from "./support/running";

const seed = { containers: { "pr-42": 5, bystander: 2 } };
const rateLimit = { requests: 2, seconds: 60 };
const one = { requests: 1, seconds: 60 };

test("a rate limit serves `requests` requests per window, and returns 429 for the others with the seconds until the window ends", async () => {
  const clock = createManualClock();
  const { emulator } = await start({ seed, clock, rateLimit });
  expect((await send(emulator, "GET", "/v3/container-tags/list")).status).toBe(200);
  clock.advance(20_500);
  expect((await send(emulator, "GET", "/ns")).status).toBe(200);
  const refused = await purge(emulator);
  expect([refused?.status, refused?.headers.get("retry-after")]).toEqual([429, "40"]);
  expect(refused?.body).toEqual({ error: "Too many requests", details: "rate limit exceeded" });
  expect(emulator.containers()).toEqual({ "pr-42": 5, bystander: 2 });
  expect(emulator.requests).toMatchObject([200, 200, 429].map((status) => ({ status, fault: null })));
});

test("the first request after the end of a window starts the next one", async () => {
  const clock = createManualClock();
  const { emulator } = await start({ seed, clock, rateLimit });
  const statuses = async (times: number): Promise<readonly number[]> => {
    const seen: number[] = [];
    for (let time = 0; time < times; time += 1) seen.push((await send(emulator, "GET", "/ns")).status);
    return seen;
  };
  expect(await statuses(3)).toEqual([200, 200, 429]);
  clock.advance(59_999);
  expect(await statuses(1)).toEqual([429]);
  clock.advance(30_000);
  expect(await statuses(2)).toEqual([200, 200]);
  clock.advance(59_999);
  expect(await statuses(1)).toEqual([429]);
  clock.advance(1);
  expect(await statuses(3)).toEqual([200, 200, 429]);
});

test("each key has its own limit", async () => {
  const { emulator } = await start({ apiKeys, rateLimit: one, clock: createManualClock() });
  const statuses: number[] = [];
  for (const key of ["owner-key", "owner-key", "admin-key"])
    statuses.push((await send(emulator, "GET", "/ns", undefined, key)).status);
  expect(statuses).toEqual([200, 429, 200]);
});

test("a request above the limit is not hit by a fault", async () => {
  const clock = createManualClock();
  const faults = [{ nth: 2, then: { kind: "serverError" } }] as const;
  const { emulator } = await start({ seed, clock, faults, rateLimit: one });
  await send(emulator, "GET", "/ns");
  expect((await send(emulator, "GET", "/ns")).status).toBe(429);
  clock.advance(60_000);
  expect((await send(emulator, "GET", "/ns")).status).toBe(500);
});

test("a reset starts a new window", async () => {
  const { emulator } = await start({ seed, clock: createManualClock(), rateLimit: one });
  await send(emulator, "GET", "/ns");
  emulator.reset();
  expect((await send(emulator, "GET", "/ns")).status).toBe(200);
});

test.each([
  [{ requests: 0, seconds: 60 }, "requests of a rate limit is 0; allowed: 1, 2, ..."],
  [{ requests: 1.5, seconds: 60 }, "requests of a rate limit is 1.5; allowed: 1, 2, ..."],
  [{ requests: 1, seconds: 0 }, "seconds of a rate limit is 0; allowed: any time above 0"],
])("the limit %j is refused", async (limit, message) => {
  await expect(openEmulator({ rateLimit: limit })).rejects.toThrow(new RangeError(message));
});
