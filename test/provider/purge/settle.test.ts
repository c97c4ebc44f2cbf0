import { Settling } from "../../../provider/purge/settle";
import { planTag } from "../../../provider/purge/plan";
import { connect } from "../support/connect";
import { errorOf, startWorld } from "../support/world";

test("only fewer documents than ever before are progress", async () => {
  const { session } = await startWorld({ containers: { "pr-42": 5 } });
  const settling = new Settling(await planTag({ containerTag: "pr-42", event: "create" }, session), session);
  const seen = [5, 4, 5, 4, 3, 4].map((remaining) => settling.observe(remaining));
  expect(seen).toEqual([false, true, false, false, true, false]);
});

test("a request aside is sent once, and its 429 pauses nothing", async () => {
  const then = { kind: "rateLimit", retryAfter: 3_600 } as const;
  const { emulator, session } = await startWorld({ faults: [{ times: Infinity, then }] });
  const { api, close, limiter } = connect(emulator.url, { apiKey: emulator.apiKey });
  const { deadline, policy } = session;
  await errorOf(api.listContainers({ deadline, policy, aside: true }));
  await close();
  expect([emulator.requests.length, limiter.pause.isOpen]).toEqual([1, true]);
});
