import { mutations } from "../provider/support/host-emulator";
import { begun, checked, factsOf, purgesIn, tagsIn } from "./begun";
import { type StoredState, stateFixtures } from "./fixture";

describe.each(stateFixtures())("a ContainerPurge that version $version has stored", (fixture) => {
  const states = purgesIn(fixture);

  test.each(states)("is up to date with the same arguments, unless something is undone: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, state.outputs, news)).toBe(isUndone(state));
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states.filter((state) => !isUndone(state)))(
    "takes another limit, and is otherwise as it was: $name",
    async (state) => {
      const { emulator, provider } = await begun(state);
      const news = await checked(provider, state, { maxDeletions: 77 });
      expect(await provider.diff(state.id, state.outputs, news)).toBe(true);
      const outputs = await provider.update(state.id, state.outputs, news);
      expect(outputs).toMatchObject({ ...state.outputs, maxDeletions: 77 });
      expect(mutations(emulator)).toEqual([]);
    },
  );

  test.each(states.filter(isUndone))("takes another limit, and does what is undone: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const before = emulator.containers();
    const outputs = await provider.update(
      state.id,
      state.outputs,
      await checked(provider, state, { maxDeletions: 77 }),
    );
    const deletedCount = deletedSince(before, emulator.containers());
    expect(deletedCount).toBe(documentsUndone(state));
    const totalDeletedCount = Number(state.outputs["totalDeletedCount"]) + deletedCount;
    expect(outputs).toMatchObject({ deletedCount, totalDeletedCount, pending: [], maxDeletions: 77 });
    expect(outputs).not.toHaveProperty("__drift");
  });

  test.each(states)("is counted anew by a refresh, which changes nothing else: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const outputs = await provider.read(state.id, state.outputs);
    const counts = emulator.containers();
    const documentCount = tagsIn(state).reduce((sum, tag) => sum + (counts[tag] ?? 0), 0);
    expect(outputs).toMatchObject({ ...factsOf(state), documentCount, baseUrl: emulator.url });
    expect(outputs["__drift"]).toBe(state.outputs["__drift"]);
    expect(mutations(emulator)).toEqual([]);
  });

  const guarded = states.filter(({ destroyed, outputs }) => outputs["baseUrl"] !== null && destroyed.deletedCount > 0);
  test.each(guarded)("is not destroyed at another address: $name", async (state) => {
    const { emulator, provider } = await begun(state, {});
    const refusal = `was last purged at ${String(state.outputs["baseUrl"])}, but`;
    await expect(provider.delete(state.id, state.outputs)).rejects.toThrow(refusal);
    expect(emulator.requests).toEqual([]);
  });
});

/** Whether there is something for an update to do although no argument changes. */
function isUndone({ outputs }: StoredState): boolean {
  return undoneTags(outputs).length > 0 || outputs["__drift"] === true;
}

function undoneTags({ pending }: StoredState["outputs"]): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(pending) ? pending : [];
  return entries.map((entry) =>
    typeof entry === "object" && entry !== null && "containerTag" in entry ? String(entry.containerTag) : "",
  );
}

/** Drift is in all tags of a resource, as its end is; what is pending is in containers that hold nothing else. */
function documentsUndone({ account, destroyed, outputs }: StoredState): number {
  if (outputs["__drift"] === true) return destroyed.deletedCount;
  return undoneTags(outputs).reduce((sum, tag) => sum + Number(account[tag] ?? 0), 0);
}

function deletedSince(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>): number {
  return Object.entries(before).reduce((sum, [tag, documents]) => sum + documents - (now[tag] ?? 0), 0);
}
