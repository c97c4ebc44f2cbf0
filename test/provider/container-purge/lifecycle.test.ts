import { createLifecycle, deleteLifecycle, updateLifecycle } from "../../../provider/container-purge/lifecycle";
import { inputsOf, stateOf, targetsOf, unclaimed } from "../support/host-states";

const old = inputsOf(["a", "b"]);

describe("what is purged", () => {
  test("for a new resource: all tags", () => {
    expect(targetsOf(createLifecycle(old))).toEqual(["create a", "create b"]);
  });

  test("for a tag that was added: that tag", () => {
    expect(targetsOf(update(inputsOf(["a", "b", "c"])))).toEqual(["create c"]);
  });

  test("for a tag that was removed: that tag", () => {
    expect(targetsOf(update(inputsOf(["b"])))).toEqual(["delete a"]);
  });

  test("for changed triggers: all current tags, a removed one as removed", () => {
    expect(targetsOf(update(inputsOf(["a", "b"], { triggers: 1 })))).toEqual(["update a", "update b"]);
    expect(targetsOf(update(inputsOf(["b", "c"], { triggers: 1 })))).toEqual(["create c", "update b", "delete a"]);
  });

  test("for triggers that differ in the order of keys alone: nothing", () => {
    const before = stateOf(inputsOf(["a"], { triggers: { x: 1, y: [1, 2] } }));
    expect(targetsOf(updateLifecycle(before, inputsOf(["a"], { triggers: { y: [1, 2], x: 1 } }), unclaimed))).toEqual(
      [],
    );
    expect(targetsOf(updateLifecycle(before, inputsOf(["a"], { triggers: { y: [2, 1], x: 1 } }), unclaimed))).toEqual([
      "update a",
    ]);
  });

  test.each([
    ["maxDeletions", 1],
    ["verify", false],
    ["timeout", "1m"],
    ["purgeOn", ["delete"]],
    ["allowProtectedTags", ["prod"]],
  ])("for a change of %s: nothing", (name, value) => {
    expect(targetsOf(update({ ...old, [name]: value }))).toEqual([]);
  });

  test("for the same tags in another order: nothing", () => {
    expect(targetsOf(update(inputsOf(["b", "a"])))).toEqual([]);
  });

  test("at the end of the resource: all tags", () => {
    expect(targetsOf(deleteLifecycle(stateOf(old), unclaimed))).toEqual(["delete a", "delete b"]);
  });

  test("for an event that is not in purgeOn: nothing", () => {
    expect(targetsOf(createLifecycle(inputsOf(["a"], { purgeOn: ["update", "delete"] })))).toEqual([]);
    expect(targetsOf(update(inputsOf(["b", "c"], { triggers: 1, purgeOn: ["update"] })))).toEqual([
      "update b",
      "update c",
    ]);
    expect(targetsOf(update(inputsOf(["b", "c"], { purgeOn: ["create"] })))).toEqual(["create c"]);
    expect(targetsOf(update(inputsOf(["b", "c"], { purgeOn: [] })))).toEqual([]);
    const kept = stateOf(inputsOf(["a"], { purgeOn: ["create", "update"] }));
    expect(targetsOf(deleteLifecycle(kept, unclaimed))).toEqual([]);
  });

  test("leaves a removed tag that another resource claims, and says whose it is", () => {
    const claimedBy = (tag: string): string | undefined => (tag === "a" ? "urn:other" : undefined);
    const update = updateLifecycle(stateOf(old), inputsOf(["c"]), claimedBy);
    expect([targetsOf(update), update.kept]).toEqual([
      ["create c", "delete b"],
      [{ containerTag: "a", claimedBy: "urn:other" }],
    ]);
    const end = deleteLifecycle(stateOf(old), claimedBy);
    expect([targetsOf(end), end.kept]).toEqual([["delete b"], [{ containerTag: "a", claimedBy: "urn:other" }]]);
  });

  test("asks for no claim when nothing is deleted at the end", () => {
    const never = (): string | undefined => {
      throw new Error("needs neither key nor valid configuration");
    };
    const inputs = inputsOf(["a"], { purgeOn: [] });
    expect(deleteLifecycle(stateOf(inputs, [{ containerTag: "a", event: "create" }]), never).targets).toEqual([]);
    expect(createLifecycle(inputs).targets).toEqual([]);
  });
});

function update(inputs: ReturnType<typeof inputsOf>) {
  return updateLifecycle(stateOf(old), inputs, unclaimed);
}
