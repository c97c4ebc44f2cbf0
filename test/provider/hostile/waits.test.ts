import { startHostile, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;

test.each(["99999", "99999999999999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
  "a Retry-After beyond the timeout fails immediately: %s",
  async (header) => {
    for (const status of [429, 503]) {
      const hostile = await startAnswering(status, { error: "later" }, { "retry-after": header });
      const { message } = await errorOf(hostile.api.list(query, hostile.context));
      expect(message).toBe(
        "the API asked for a wait of more than a day (Retry-After), longer than the time left (timeout 10m)",
      );
      expect([hostile.requests.length, hostile.clock.slept]).toEqual([1, []]);
    }
  },
);

test.each(["-5", "1e9", "soon", "0", "NaN", "0x10", "Thu, 01 Jan 1970 00:00:00 GMT", "sm_secret_0123456789abcdef"])(
  "after an invalid or past Retry-After the client backs off until the timeout: %s",
  async (header) => {
    const hostile = await startAnswering(429, { error: "later" }, { "retry-after": header });
    const { message } = await errorOf(hostile.api.list(query, hostile.context));
    expect(message).toBe("the API returned 429 until the timeout (10m)");
    expect(Math.min(...hostile.clock.slept)).toBeGreaterThanOrEqual(250);
    expect(hostile.requests.length).toBeLessThan(100);
  },
);

test("the first of several Retry-After headers counts", async () => {
  const hostile = await startHostile((_request, response) => {
    response.writeHead(
      429,
      [
        ["retry-after", "700"],
        ["retry-after", "1"],
      ].flat(),
    );
    response.end();
  });
  const { message } = await errorOf(hostile.api.list(query, hostile.context));
  expect(message).toBe("the API asked for a 700 s wait (Retry-After), longer than the time left (timeout 10m)");
});
