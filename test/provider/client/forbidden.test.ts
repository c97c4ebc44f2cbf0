import { z } from "zod";
import { Deadline, systemClock } from "../../../provider/client/deadline";
import { HttpClient, type Route } from "../../../provider/client/http";
import { Limiter } from "../../../provider/client/limiter";
import { briefRetryPolicy } from "../../../provider/client/retry";
import { createTransport } from "../../../provider/client/transport";
import { startAnswering } from "../support/hostile";
import { errorOf } from "../support/world";

const route = {
  method: "DELETE",
  path: "/v3/container-tags/pr-42",
  does: "delete the container",
  mutating: true,
  answer: z.unknown(),
} as const;

test("a 403 says what this route asks of a key", async () => {
  const message = await refusalOf({ ...route, forbidden: "only owners and admins may, so use a key of one" });
  expect(message).toBe(
    "the key has no right to delete the container (403): only owners and admins may, so use a key of one",
  );
});

test("a 403 of a route without words of its own says what any key needs", async () => {
  expect(await refusalOf(route)).toBe(
    "the key has no right to delete the container (403): use a key that is not read-only and not scoped to other containers",
  );
});

async function refusalOf(asked: Route<unknown>): Promise<string> {
  const { url: baseUrl } = await startAnswering(403, {});
  const transport = createTransport(1);
  const http = new HttpClient({ baseUrl, apiKey: "a-key", userAgent: "test", transport, limiter: new Limiter(1) });
  const deadline = new Deadline(60_000, systemClock);
  try {
    return (await errorOf(http.call(asked, { deadline, policy: briefRetryPolicy }))).message;
  } finally {
    deadline.end();
    await transport.close();
  }
}
