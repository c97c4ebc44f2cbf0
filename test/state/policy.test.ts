import { mutations } from "../provider/support/host-emulator";
import { begun, checked, policiesIn } from "./begun";
import { stateFixtures } from "./fixture";

describe.each(stateFixtures())("a CleanupPolicy that version $version has stored", (fixture) => {
  const states = policiesIn(fixture);

  test.each(states)("is up to date with the same arguments when nothing is to do: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, state.outputs, news)).toBe(false);
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states)("takes another limit, and keeps what its last run did: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const news = await checked(provider, state, { maxDeletions: 77 });
    expect(await provider.diff(state.id, state.outputs, news)).toBe(true);
    const { deletedCount, keyId, purged } = state.outputs;
    expect(await provider.update(state.id, state.outputs, news)).toMatchObject({
      ...{ ...state.args, maxDeletions: 77 },
      ...{ deletedCount, keyId, purged, baseUrl: emulator.url },
    });
    expect(mutations(emulator)).toEqual([]);
  });

  test.each(states)("is left as it is by a refresh: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    expect(await provider.read(state.id, state.outputs)).toEqual(state.outputs);
    expect(emulator.requests).toEqual([]);
  });
});
