import type { PurgeInputs } from "../../../provider/container-purge/args";
import {
  createLifecycle,
  deleteLifecycle,
  type Lifecycle,
  updateLifecycle,
} from "../../../provider/container-purge/lifecycle";
import type { PendingPurge } from "../../../provider/container-purge/state";
import { inputsOf, stateOf, targetsOf, unclaimed } from "../support/host-states";

const old = inputsOf(["a", "b"]);
const create = { containerTag: "a", event: "create" } as const;
const removal = { containerTag: "gone", event: "delete" } as const;
const both: readonly PendingPurge[] = [create, removal];
const [a, gone] = ["dropped create a:", "dropped delete gone:"];
const begun = ["create a", "create b"];
const ended = ["delete a", "delete b"];
const notInTags = "the tag is no longer in containerTags";
const noCreate = 'purgeOn does not include "create"';
const noDelete = 'purgeOn does not include "delete"';

describe("what is purged", () => {
  test.each<[string, PurgeInputs, readonly string[]]>([
    ["a tag that was added: that tag", inputsOf(["a", "b", "c"]), ["create c"]],
    ["a tag that was removed: that tag", inputsOf(["b"]), ["delete a"]],
    ["the same tags in another order: nothing", inputsOf(["b", "a"]), []],
    ["changed triggers: all tags", inputsOf(["a", "b"], { triggers: 1 }), ["update a", "update b"]],
    ["all of this, in order", inputsOf(["b", "c"], { triggers: 1 }), ["create c", "update b", "delete a"]],
    ["a change of all else: nothing", { ...old, maxDeletions: 1, verify: false, timeout: "1m" }, []],
    ["a change of permissions: nothing", { ...old, allowProtectedTags: ["prod"] }, []],
  ])("by an update for %s", (_what, inputs, targets) => {
    expect(targetsOf(updateLifecycle(stateOf(old), inputs, unclaimed))).toEqual(targets);
  });

  test.each([
    [{ y: [1, 2], x: 1 }, []],
    [{ y: [2, 1], x: 1 }, [{ containerTag: "a", event: "update", why: "triggers changed" }]],
  ])("for triggers that differ in more than the order of keys: %j", (triggers, targets) => {
    const before = stateOf(inputsOf(["a"], { triggers: { x: 1, y: [1, 2] } }));
    expect(updateLifecycle(before, inputsOf(["a"], { triggers }), unclaimed).targets).toEqual(targets);
  });

  test.each<[PurgeInputs["purgeOn"], readonly string[], readonly string[]]>([
    [["create", "update", "delete"], begun, ended],
    [["create", "update"], begun, []],
    [["update", "delete"], [], ended],
  ])("when a resource is created and removed with purgeOn %j", (purgeOn, begin, end) => {
    expect(targetsOf(createLifecycle({ ...old, purgeOn }))).toEqual(begin);
    expect(targetsOf(deleteLifecycle(stateOf({ ...old, purgeOn }), unclaimed))).toEqual(end);
  });

  test("keeps a removed tag that another resource claims, and names that resource", () => {
    const claimedBy = (tag: string): string | undefined => (tag === "a" ? "urn:other" : undefined);
    const kept = [{ containerTag: "a", claimedBy: "urn:other" }];
    const update = updateLifecycle(stateOf(old), inputsOf(["c"]), claimedBy);
    expect([targetsOf(update), update.kept]).toEqual([["create c", "delete b"], kept]);
    const end = deleteLifecycle(stateOf(old), claimedBy);
    expect([targetsOf(end), end.kept]).toEqual([["delete b"], kept]);
  });

  test("checks no claims when a removal purges nothing", () => {
    const never = (): string | undefined => {
      throw new Error("needs neither key nor valid configuration");
    };
    const inputs = inputsOf(["a"], { purgeOn: [] });
    expect(deleteLifecycle(stateOf(inputs, [create]), never).targets).toEqual([]);
  });

  test("by drift: every tag that no other event purges, and nothing without drift in purgeOn", () => {
    const drifted = { ...stateOf(inputsOf(["a"])), drift: true };
    const purgesOnDrift = inputsOf(["a", "b"], { purgeOn: ["create", "drift"] });
    expect(targetsOf(updateLifecycle(drifted, purgesOnDrift, unclaimed))).toEqual(["create b", "drift a"]);
    expect(targetsOf(updateLifecycle(drifted, inputsOf(["a"]), unclaimed))).toEqual([]);
  });
});

describe("a pending purge", () => {
  test("resumes with its own event", () => {
    const pending: readonly PendingPurge[] = [create, { containerTag: "b", event: "update" }, removal];
    const { dropped, targets } = updateLifecycle(stateOf(old, pending), old, unclaimed);
    expect([targets, dropped]).toEqual([pending.map((undone) => ({ ...undone, why: "pending" })), []]);
  });

  test.each<[string, readonly PendingPurge[], PurgeInputs, readonly string[]]>([
    ["its event is not in purgeOn", both, { ...old, purgeOn: ["update"] }, [`${a} ${noCreate}`, `${gone} ${noDelete}`]],
    ["its tag left the program", [create], inputsOf(["b"]), ["delete a"]],
    ["removals do not purge its tag", [create], inputsOf(["b"], { purgeOn: ["create"] }), [`${a} ${notInTags}`]],
    ["its tag returns", [removal], inputsOf(["a", "b", "gone"]), [`${gone} the tag is in containerTags again`]],
    ["the program asks for it", [create], { ...old, triggers: 2, purgeOn: ["update"] }, ["update a", "update b"]],
  ])("is purged once, or dropped by name, when %s", (_title, pending, inputs, told) => {
    expect(toldOf(updateLifecycle(stateOf(old, pending), inputs, unclaimed))).toEqual(told);
  });

  test("of a removal is kept when another resource now claims the tag", () => {
    const { dropped, kept, targets } = updateLifecycle(stateOf(old, [removal]), old, () => "urn:other");
    expect([targets, dropped, kept]).toEqual([[], [], [{ containerTag: "gone", claimedBy: "urn:other" }]]);
  });

  test.each<[string, PurgeInputs, readonly PendingPurge[], readonly string[]]>([
    ["removals go on", inputsOf(["a"]), both, ["delete a", "delete gone"]],
    ["all is given up", { ...old, purgeOn: ["create"] }, both, [`${a} ${noDelete}`, `${gone} ${noDelete}`]],
    ["a tag that is no longer managed is no target", inputsOf(["b"]), [create], ["delete b", `${a} ${notInTags}`]],
  ])("at the end of the resource: %s", (_title, inputs, pending, told) => {
    expect(toldOf(deleteLifecycle(stateOf(inputs, pending), unclaimed))).toEqual(told);
  });
});

function toldOf(lifecycle: Lifecycle): readonly string[] {
  const { dropped } = lifecycle;
  const givenUp = dropped.map(({ containerTag, event, reason }) => `dropped ${event} ${containerTag}: ${reason}`);
  return [...targetsOf(lifecycle), ...givenUp];
}
