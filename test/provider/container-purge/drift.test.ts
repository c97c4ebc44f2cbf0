import { updateLifecycle } from "../../../provider/container-purge/lifecycle";
import { startEmulator, mutations } from "../support/host-emulator";
import { OneResourceStack } from "../support/host-stack";
import { inputsOf, stateOf, targetsOf, unclaimed } from "../support/host-states";

const args = { containerTags: ["pr-42"], purgeOn: ["drift"] };

describe("drift", () => {
  test("purges every tag, unless another event does so already", () => {
    const inputs = inputsOf(["a", "b"], { purgeOn: ["create", "drift"] });
    const drifted = { ...stateOf(inputsOf(["a"])), drift: true };
    expect(targetsOf(updateLifecycle(drifted, inputs, unclaimed))).toEqual(["create b", "drift a"]);
  });

  test("purges nothing without drift in purgeOn", () => {
    const drifted = { ...stateOf(inputsOf(["a"])), drift: true };
    expect(targetsOf(updateLifecycle(drifted, inputsOf(["a"]), unclaimed))).toEqual([]);
  });

  test("is found by a refresh, and the up after it purges and forgets it", async () => {
    const emulator = await startEmulator({ "pr-42": 5, other: 2 });
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    await stack.refresh();
    expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5, deletedCount: 0 });
    await stack.up(args);
    expect(stack.outputs).toMatchObject({ deletedCount: 5, lastPurgeEvent: "drift", documentCount: 0 });
    expect(stack.outputs).not.toHaveProperty("__drift");
    expect(emulator.containers()).toMatchObject({ "pr-42": 0, other: 2 });
  });

  test("that was found stays so when a later refresh cannot look", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    await stack.refresh();
    const { lines } = await stack.refresh({ SUPERMEMORY_BASE_URL: "nonsense" });
    expect(lines).toEqual([expect.stringContaining("cannot count the documents in pr-42")]);
    expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5 });
    await stack.up(args);
    expect(emulator.containers()).toMatchObject({ "pr-42": 0 });
  });

  test("is not found in an empty container", async () => {
    const emulator = await startEmulator({ "pr-42": 0 });
    const stack = new OneResourceStack(emulator);
    await stack.up(args);
    await stack.refresh();
    expect(stack.outputs).not.toHaveProperty("__drift");
  });

  test("is not looked for without drift in purgeOn", async () => {
    const emulator = await startEmulator({ "pr-42": 5 });
    const stack = new OneResourceStack(emulator);
    await stack.up({ ...args, purgeOn: ["delete"] });
    await stack.refresh();
    expect(stack.outputs).not.toHaveProperty("__drift");
    await stack.up({ ...args, purgeOn: ["delete"] });
    expect(mutations(emulator)).toEqual([]);
  });
});
