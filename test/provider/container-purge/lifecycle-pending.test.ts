import { deleteLifecycle, updateLifecycle } from "../../../provider/container-purge/lifecycle";
import { inputsOf, stateOf, targetsOf, unclaimed } from "../support/host-states";

const create = { containerTag: "a", event: "create" } as const;
const removal = { containerTag: "gone", event: "delete" } as const;

describe("what was left undone", () => {
  test("goes on with the event that it had", () => {
    const old = stateOf(inputsOf(["a", "b"]), [create, { containerTag: "b", event: "update" }, removal]);
    const { dropped, targets } = updateLifecycle(old, inputsOf(["a", "b"]), unclaimed);
    expect(dropped).toEqual([]);
    expect(targets).toEqual([
      { ...create, why: "pending" },
      { containerTag: "b", event: "update", why: "pending" },
      { ...removal, why: "pending" },
    ]);
  });

  test("is given up, and named, when its event is no longer in purgeOn", () => {
    const old = stateOf(inputsOf(["a"]), [create, removal]);
    const { dropped, targets } = updateLifecycle(old, inputsOf(["a"], { purgeOn: ["update"] }), unclaimed);
    expect(targets).toEqual([]);
    expect(dropped).toEqual([
      { ...create, reason: 'purgeOn does not include "create"' },
      { ...removal, reason: 'purgeOn does not include "delete"' },
    ]);
  });

  test("becomes a removal when its tag left the program", () => {
    const { dropped, targets } = updateLifecycle(stateOf(inputsOf(["a", "b"]), [create]), inputsOf(["b"]), unclaimed);
    expect([targets.map(({ event }) => event), dropped]).toEqual([["delete"], []]);
  });

  test("is given up when its tag left the program and removals do not purge", () => {
    const inputs = inputsOf(["b"], { purgeOn: ["create"] });
    const { dropped, targets } = updateLifecycle(stateOf(inputsOf(["a", "b"]), [create]), inputs, unclaimed);
    expect([targets, dropped]).toEqual([[], [{ ...create, reason: "the tag is no longer in containerTags" }]]);
  });

  test("of a removal is given up when the tag returns, which is then not new", () => {
    const { dropped, targets } = updateLifecycle(
      stateOf(inputsOf(["a"]), [removal]),
      inputsOf(["a", "gone"]),
      unclaimed,
    );
    expect([targets, dropped]).toEqual([[], [{ ...removal, reason: "the tag is in containerTags again" }]]);
  });

  test("of a removal is left alone when another resource claims the tag by now", () => {
    const old = stateOf(inputsOf(["a"]), [removal]);
    const { dropped, kept, targets } = updateLifecycle(old, inputsOf(["a"]), () => "urn:other");
    expect([targets, dropped, kept]).toEqual([[], [], [{ containerTag: "gone", claimedBy: "urn:other" }]]);
  });

  test("is purged once when the program asks for the same tag", () => {
    const { dropped, targets } = updateLifecycle(
      stateOf(inputsOf(["a"]), [create]),
      inputsOf(["a"], { triggers: 2, purgeOn: ["update"] }),
      unclaimed,
    );
    expect([targets, dropped]).toEqual([[{ containerTag: "a", event: "update", why: "triggers changed" }], []]);
  });

  test("of a removal goes on at the end of the resource", () => {
    const lifecycle = deleteLifecycle(stateOf(inputsOf(["a"]), [create, removal]), unclaimed);
    expect([targetsOf(lifecycle), lifecycle.dropped]).toEqual([["delete a", "delete gone"], []]);
  });

  test("is given up, and named, at the end of a resource that does not purge then", () => {
    const old = stateOf(inputsOf(["a"], { purgeOn: ["create"] }), [create, removal]);
    const { dropped, targets } = deleteLifecycle(old, unclaimed);
    expect(targets).toEqual([]);
    expect(dropped).toEqual([
      { ...create, reason: 'purgeOn does not include "delete"' },
      { ...removal, reason: 'purgeOn does not include "delete"' },
    ]);
  });

  test("never makes a tag a target at the end that is neither managed nor a removal", () => {
    const old = stateOf(inputsOf(["b"]), [create]);
    const lifecycle = deleteLifecycle(old, unclaimed);
    expect([targetsOf(lifecycle), lifecycle.dropped]).toEqual([
      ["delete b"],
      [{ ...create, reason: "the tag is no longer in containerTags" }],
    ]);
  });
});
