import type { PurgeMethod } from "../../../provider/purge/types";
import { expectSound, incomplete, purgeTags, startWorld } from "../support/world";

const exactly: PurgeMethod = { kind: "ids", select: undefined, sharedDocuments: "delete" };

test("documents that two containers of the purge share are planned anew when v3 goes away in the middle", async () => {
  const world = await startWorld({
    apiVersion: "auto",
    sharedDeletes: "namespace",
    containers: { "pr-42": { documents: 3, each: { alsoIn: ["pr-43"] } }, "pr-43": 2 },
    faults: [{ match: { method: "DELETE" }, then: { kind: "switchOff", as: "gone" } }],
  });
  const { message, outcome } = await incomplete(purgeTags(world, ["pr-42", "pr-43"], { method: exactly }));
  expect(message).toContain("v5 may not delete the 3 documents that containers of this purge share from all of them");
  expect(outcome).toMatchObject({ deleted: 0, planned: 5, tags: [{ done: false }, { done: false }] });

  const again = await purgeTags(world, ["pr-42", "pr-43"], { method: exactly });
  expect(again.deleted).toBe(8);
  expect([world.emulator.documents("pr-42"), world.emulator.documents("pr-43")]).toEqual([[], []]);
  expectSound(world, 8);
});

test("documents of single containers go on over v5 when v3 goes away in the middle", async () => {
  const world = await startWorld({
    apiVersion: "auto",
    containers: { "pr-42": 120, "pr-43": 2 },
    faults: [{ match: { method: "DELETE" }, nth: 2, then: { kind: "switchOff", as: "gone" } }],
  });
  expect(await purgeTags(world, ["pr-42", "pr-43"], { method: exactly })).toMatchObject({ deleted: 122 });
  expectSound(world, 122);
});
