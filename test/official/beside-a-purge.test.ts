import type { RouteName } from "../../emulator/index";
import { keyIdOf } from "../../emulator/http/keys";
import type { PurgeMethod } from "../../provider/purge/types";
import { purgeTags, startWorld, type World } from "../provider/support/world";
import { officialClients } from "./clients";

type Who = keyof typeof officialClients;
type Api = "v3" | "v5";

const ids: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };
const apiKeys = [{ key: "key-of-the-purge" }, { key: "key-of-the-writer" }] as const;

/** The writer; the purge's API version, method and held route; the deleted number of five old documents and a late one. */
const rows: readonly (readonly [Who, Api, PurgeMethod, RouteName, number])[] = [
  ["client", "v3", { kind: "tag" }, "documents.deleteBulk", 6],
  ["client", "v3", ids, "documents.deleteBulk", 5],
  ["client", "v5", { kind: "tag" }, "v5.documents.delete", 5],
  ["client", "v5", ids, "v5.documents.delete", 5],
  // Only one row: each command takes seconds.
  ["command line", "v3", { kind: "tag" }, "documents.deleteBulk", 6],
];

test.each(rows)(
  "while the official %s writes, a purge over %s with %j that is held at %s deletes %d documents and no other",
  async (who, apiVersion, method, route, deleted) => {
    const faults = [{ match: { route }, then: { kind: "slow" } } as const];
    const world = await startWorld({ containers: { "pr-42": 5, "pr-43": 2 }, apiVersion, apiKeys, faults });
    const { emulator } = world;
    const old = emulator.documents("pr-42").map(({ id }) => id);
    const official = officialClients[who]({ url: emulator.url, apiKey: apiKeys[1].key });

    const purged = purgeTags(world, ["pr-42"], { method });
    await emulator.whenHeld();
    const late = await official.add("pr-42", "written late");
    const kept = await official.add("pr-43", "written beside");
    await official.remove((await official.list("pr-43"))[2] ?? "");
    emulator.release();
    const outcome = await purged;

    const [byPurge, byWriter] = apiKeys.map(({ key }) => removedWith(world, key));
    expect([outcome.deleted, outcome.estimated]).toEqual([deleted, false]);
    expect(byPurge?.toSorted()).toEqual((deleted === 6 ? [...old, late] : old).toSorted());
    expect(byWriter).toHaveLength(1);
    expect(await official.list("pr-42")).toEqual(deleted === 6 ? [] : [late]);
    expect(await official.list("pr-43")).toContain(kept);
    expect(await official.list("bystander")).toEqual(world.bystander.toReversed());
    expect(emulator.unhitFaults()).toEqual([]);
  },
);

test.each(["client", "command line"] as const)(
  "the official %s confirms a purge: the container is empty and the bystander unchanged",
  async (who) => {
    const world = await startWorld({ containers: { "pr-42": 5 }, apiKeys });
    const official = officialClients[who]({ url: world.emulator.url, apiKey: apiKeys[1].key });
    const before = await official.list("bystander");
    expect([(await official.list("pr-42")).length, before]).toEqual([5, world.bystander.toReversed()]);
    const { deleted } = await purgeTags(world, ["pr-42"]);
    expect([deleted, removedWith(world, apiKeys[0].key).length]).toEqual([5, 5]);
    expect(await official.list("pr-42")).toEqual([]);
    expect(await official.list("bystander")).toEqual(before);
    expect(await official.containers()).toEqual({ "pr-42": 0, bystander: 3 });
  },
);

/** The ids of the documents that requests with this key deleted. */
function removedWith({ emulator: { ledger, requests } }: World, key: string): readonly string[] {
  const own = ledger.filter(({ request }) => requests[request - 1]?.keyId === keyIdOf(key));
  return own.flatMap(({ documentIds }) => documentIds);
}
