import { clear } from "../../../provider/client/api";
import { contextOf } from "../../../provider/purge/context";
import { sent, startWorld } from "../support/world";

const query = { containerTag: "pr-42", page: 1, order: "desc" } as const;

test("a delete is not sent after its list if the API asked another request to wait in between", async () => {
  const { emulator, session, ...world } = await startWorld({
    containers: { "pr-42": 5 },
    faults: [{ match: { route: "containerTags.list" }, then: { kind: "rateLimit", retryAfter: 2 } }],
  });
  const context = contextOf(session);
  let begun = 0;

  const waited = await session.api.unit(context, async (place) => {
    begun += 1;
    await session.api.list(query, { ...context, place });
    if (begun === 1) await session.api.listContainers(context);
    await session.api.deleteByTag(clear("pr-42"), { ...context, place });
    return place.waited;
  });

  expect(waited).toBe(true);
  expect(sent({ ...world, emulator, session })).toEqual(["list pr-42", "list ", "list ", "list pr-42", "delete pr-42"]);
});
