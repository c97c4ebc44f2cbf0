import { startRelay } from "../support/relay";
import { expectSound, incomplete, purgeTags, sent, startWorld, type World } from "../support/world";

const generations = ["v3", "v5"] as const;
const containers = { old: 90, "pr-42": 10 };

describe.each(generations)("documents older than the plan that are moved into the container over %s", (apiVersion) => {
  test("are not deleted by their ids beyond the limit", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [...lostTagDelete(apiVersion)] });
    const api = await moveAfterTheCount(world, apiVersion);
    const { outcome } = await incomplete(purgeTags(world, ["pr-42"], { maxDeletions: 10, session: { api } }));
    expect(outcome.deleted).toBe(10);
    expect(sent(world)).toContain("delete 10 ids");
    expect(world.emulator.documents("pr-42")).toHaveLength(90);
    expectSound(world, 10);
  });

  test("go with the rest, and are counted, while the limit lets them", async () => {
    const world = await startWorld({ apiVersion, containers, faults: [...lostTagDelete(apiVersion)] });
    const api = await moveAfterTheCount(world, apiVersion);
    const outcome = await purgeTags(world, ["pr-42"], { maxDeletions: 100, session: { api } });
    expect(outcome).toMatchObject({ planned: 10, deleted: 100, tags: [{ done: true, remaining: 0 }] });
    expectSound(world, 100);
  });
});

test.each(generations)(
  "a purge by ids leaves what was moved in since it counted over %s, and says so",
  async (apiVersion) => {
    const world = await startWorld({ apiVersion, containers });
    const api = await moveAfterTheCount(world, apiVersion);
    const method = { kind: "ids", select: undefined, sharedDocuments: "delete" } as const;
    const outcome = await purgeTags(world, ["pr-42"], { method, session: { api } });
    const kept = [{ documents: 90, reason: "not seen when it was counted" }];
    expect(outcome).toMatchObject({ planned: 10, deleted: 10, tags: [{ done: true, kept, lastSeen: 90 }] });
    expectSound(world, 10);
  },
);

/** On v3 a call by tag comes first, so that deletes by ids come only where that fails. */
function* lostTagDelete(apiVersion: "v3" | "v5") {
  if (apiVersion === "v5") return;
  yield { match: { method: "DELETE" }, then: { kind: "serverError", status: 500, when: "beforeEffect" } } as const;
}

/** Another client moves "old" into the container right before its second list. */
async function moveAfterTheCount(
  { emulator, ...world }: World,
  apiVersion: "v3" | "v5",
): Promise<World["session"]["api"]> {
  let lists = 0;
  const relay = await startRelay(
    { emulator, ...world },
    {
      apiVersion,
      before: async ({ path }) => {
        if (!path.includes("/list") || ++lists !== 2) return;
        const headers = { authorization: `Bearer ${emulator.apiKey}` };
        await fetch(`${emulator.url}/ns/old?moveTo=pr-42`, { method: "DELETE", headers });
      },
    },
  );
  return relay.api;
}
