import { mutations } from "../provider/support/host-emulator";
import { checked, openState, policiesIn } from "./open-state";
import { stateFixtures } from "./fixture";

describe.each(stateFixtures())("a CleanupPolicy in a state of version $version", (fixture) => {
  const states = policiesIn(fixture);

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
