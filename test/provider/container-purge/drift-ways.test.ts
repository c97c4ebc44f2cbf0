import { containing } from "../support/host-matchers";
import { OneResourceStack } from "../support/host-stack";
import { mutations, type SeedContainers, startEmulator } from "../support/host-emulator";

const logs = { metadata: { kind: "log" } };
const args = { containerTags: ["pr-42"], purgeOn: ["drift"], select: logs };

test("a refresh that finds only documents which select keeps is no drift", async () => {
  const emulator = await startEmulator(documents(0, 3));
  const stack = new OneResourceStack(emulator);
  await stack.up(args);
  expect((await stack.refresh()).changes).toBe(false);
  expect(stack.outputs).toMatchObject({ documentCount: 3 });
  expect((await stack.up(args)).changes).toBe(false);
  expect(mutations(emulator)).toEqual([]);
});

test("a refresh that finds documents which select takes is drift, and the up after it takes them alone", async () => {
  const emulator = await startEmulator(documents(2, 3));
  const stack = new OneResourceStack(emulator);
  await stack.up(args);
  expect((await stack.refresh()).changes).toBe(true);
  expect(stack.outputs).toMatchObject({ __drift: true, documentCount: 5 });
  const { lines } = await stack.up(args);
  expect(lines).toEqual(["deleted 2 documents in pr-42 in 0.0 s; kept 3 documents: not selected"]);
  expect(stack.outputs).toMatchObject({ deletedCount: 2, documentCount: 3, lastPurgeEvent: "drift" });
  expect((await stack.refresh()).changes).toBe(false);
  expect(emulator.containers()).toMatchObject({ "pr-42": 3 });
});

test("documents that sharedDocuments keeps are no drift", async () => {
  const emulator = await startEmulator({ "pr-42": { documents: 4, each: { alsoIn: ["elsewhere"] } } });
  const stack = new OneResourceStack(emulator);
  const shared = { containerTags: ["pr-42"], purgeOn: ["drift"], sharedDocuments: "keep" };
  await stack.up(shared);
  expect((await stack.refresh()).changes).toBe(false);
  emulator.seed({ containers: { "pr-42": 1 } });
  expect((await stack.refresh()).changes).toBe(true);
  await stack.up(shared);
  expect(emulator.containers()).toMatchObject({ "pr-42": 4, elsewhere: 4 });
});

test("documents in a container that goes as a whole are drift, and it goes again", async () => {
  const emulator = await startEmulator(documents(1, 1));
  const stack = new OneResourceStack(emulator);
  const whole = { containerTags: ["pr-42"], purgeOn: ["drift"], scope: "container" };
  await stack.up(whole);
  await stack.refresh();
  expect((await stack.up(whole)).lines).toEqual([containing("deleted container pr-42 with 2 documents in")]);
  expect(emulator.containers()).toEqual({ bystander: 3 });
});

function documents(ofLogs: number, others: number): SeedContainers {
  const some = Array.from({ length: ofLogs }, () => logs);
  return {
    "pr-42": { documents: [...some, ...Array.from({ length: others }, () => ({ metadata: { kind: "note" } }))] },
  };
}
