import { startHostile, startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;

test.each(["99999", "99999999999999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT"])(
  "a Retry-After beyond the timeout fails at once: %s",
  async (header) => {
    for (const status of [429, 503]) {
      const hostile = await startAnswering(status, { error: "later" }, { "retry-after": header });
      const { message } = await errorOf(hostile.api.list(query, hostile.context));
      expect(message).toBe(
        "the API asked to wait more than a day (Retry-After), which is not over until the timeout of 10m",
      );
      expect([hostile.requests.length, hostile.clock.slept]).toEqual([1, []]);
    }
  },
);

test.each(["-5", "1e9", "soon", "0", "NaN", "0x10", "Thu, 01 Jan 1970 00:00:00 GMT", "sm_secret_0123456789abcdef"])(
  "a Retry-After that is none, or is over, is answered with backoff until the timeout: %s",
  async (header) => {
    const hostile = await startAnswering(429, { error: "later" }, { "retry-after": header });
    const { message } = await errorOf(hostile.api.list(query, hostile.context));
    expect(message).toBe("the API answered 429 until the timeout of 10m");
    expect(Math.min(...hostile.clock.slept)).toBeGreaterThanOrEqual(250);
    expect(hostile.requests.length).toBeLessThan(100);
  },
);

test("of many Retry-After the first counts", async () => {
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
  expect(message).toBe("the API asked to wait 700s (Retry-After), which is not over until the timeout of 10m");
});
