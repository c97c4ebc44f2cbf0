import { mutations } from "../provider/support/host-emulator";
import { checked, factsOf, openState, purgesIn, tagsIn } from "./open-state";
import { type StoredState, stateFixtures } from "./fixture";

describe.each(stateFixtures())("a ContainerPurge in a state of version $version", (fixture) => {
  const states = purgesIn(fixture);

  test.each(states)("has a diff with the same arguments only when a purge is pending: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, state.outputs, news)).toBe(isPending(state));
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states.filter((state) => !isPending(state)))(
    "accepts another limit and is otherwise unchanged: $name",
    async (state) => {
      const { emulator, provider } = await openState(state);
      const news = await checked(provider, state, { maxDeletions: 77 });
      expect(await provider.diff(state.id, state.outputs, news)).toBe(true);
      const outputs = await provider.update(state.id, state.outputs, news);
      expect(outputs).toMatchObject({ ...state.outputs, maxDeletions: 77 });
      expect(mutations(emulator)).toEqual([]);
    },
  );

  test.each(states.filter(isPending))("accepts another limit and does the pending purge: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const before = emulator.containers();
    const outputs = await provider.update(
      state.id,
      state.outputs,
      await checked(provider, state, { maxDeletions: 77 }),
    );
    const deletedCount = deletedSince(before, emulator.containers());
    expect(deletedCount).toBe(pendingDocuments(state));
    const totalDeletedCount = Number(state.outputs["totalDeletedCount"]) + deletedCount;
    expect(outputs).toMatchObject({ deletedCount, totalDeletedCount, pending: [], maxDeletions: 77 });
    expect(outputs).not.toHaveProperty("__drift");
  });

  test.each(states)("is counted by a refresh, which changes nothing else: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const outputs = await provider.read(state.id, state.outputs);
    const counts = emulator.containers();
    const documentCount = tagsIn(state).reduce((sum, tag) => sum + (counts[tag] ?? 0), 0);
    expect(outputs).toMatchObject({ ...factsOf(state), documentCount, baseUrl: emulator.url });
    expect(outputs["__drift"]).toBe(state.outputs["__drift"]);
    expect(mutations(emulator)).toEqual([]);
  });

  const guarded = states.filter(({ destroyed, outputs }) => outputs["baseUrl"] !== null && destroyed.deletedCount > 0);
  test.each(guarded)("is not destroyed at another address: $name", async (state) => {
    const { emulator, provider } = await openState(state, {});
    const refusal = `purged at ${String(state.outputs["baseUrl"])}`;
    await expect(provider.delete(state.id, state.outputs)).rejects.toThrow(refusal);
    expect(emulator.requests).toEqual([]);
  });
});

describe.each(stateFixtures())("a CleanupPolicy in a state of version $version", (fixture) => {
  const states = fixture.states.filter(({ type }) => type === "CleanupPolicy");

  test.each(states)("has no diff with the same arguments when there is nothing to delete: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, state.outputs, news)).toBe(false);
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states)("accepts another limit, and keeps the result of its last run: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const news = await checked(provider, state, { maxDeletions: 77 });
    expect(await provider.diff(state.id, state.outputs, news)).toBe(true);
    const { deletedCount, keyId, purged } = state.outputs;
    expect(await provider.update(state.id, state.outputs, news)).toMatchObject({
      ...{ ...state.args, maxDeletions: 77 },
      ...{ deletedCount, keyId, purged, baseUrl: emulator.url },
    });
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states)("is unchanged by a refresh: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    expect(await provider.read(state.id, state.outputs)).toEqual(state.outputs);
    expect(emulator.requests).toEqual([]);
  });
});

/** Whether an update has a purge to do although no argument changes. */
function isPending({ outputs }: StoredState): boolean {
  return pendingTags(outputs).length > 0 || outputs["__drift"] === true;
}

function pendingTags({ pending }: StoredState["outputs"]): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(pending) ? pending : [];
  return entries.map((entry) =>
    typeof entry === "object" && entry !== null && "containerTag" in entry ? String(entry.containerTag) : "",
  );
}

/** Drift purges all tags, as destroy does. A pending tag purges its whole container. */
function pendingDocuments({ account, destroyed, outputs }: StoredState): number {
  if (outputs["__drift"] === true) return destroyed.deletedCount;
  return pendingTags(outputs).reduce((sum, tag) => sum + Number(account[tag] ?? 0), 0);
}

function deletedSince(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): number {
  return Object.entries(before).reduce((sum, [tag, documents]) => sum + documents - (now[tag] ?? 0), 0);
}
