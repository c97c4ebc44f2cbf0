import { mutations } from "../provider/support/host-emulator";
import { checked, openState, purgesIn } from "./open-state";
import { type StateFixture, type StoredState, stateFixtures } from "./fixture";

/** Outputs that `delete` does not read. */
const unread = ["containerTag", "triggers"];
/** Arguments that a program may leave out, and that have no default. */
const optional = ["select"];

describe.each(stateFixtures())("a state of version $version", (fixture) => {
  const damages = damagesOf(fixture);

  test.each(damages)("with a damaged $damaged is not destroyed, and the error names it: $name", async (state) => {
    const outputs = { ...state.outputs, [state.damaged]: { damaged: true } };
    await expectUnreadable(state, outputs, state.damaged);
  });

  const always = damages.filter(({ damaged }) => !optional.includes(damaged));
  test.each(always)("without $damaged is not destroyed, and the error names it: $name", async (state) => {
    await expectUnreadable(state, without(state.outputs, [state.damaged]), state.damaged);
  });

  const purging = purgesIn(fixture).filter(({ destroyed }) => destroyed.deletedCount > 0);
  test.each(purging)("with an output of a newer version is not destroyed before an up: $name", async (state) => {
    const { emulator, provider } = await openState(state);
    const newer = { ...state.outputs, keepNewest: 3, __later: true };
    await expect(provider.delete(state.id, newer)).rejects.toThrow(/keepNewest.*; nothing was deleted\n.*pulumi up/);
    const refreshed = await provider.read(state.id, newer);
    await expect(provider.delete(state.id, refreshed)).rejects.toThrow("keepNewest");
    expect(mutations(emulator)).toEqual([]);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, newer, news)).toBe(true);
    expect(await provider.update(state.id, newer, news)).not.toHaveProperty("keepNewest");
  });
});

test("with SUPERMEMORY_PURGE=skip a resource of a newer version is destroyed, and nothing is deleted", async () => {
  const [state] = stateFixtures().flatMap(purgesIn);
  if (state === undefined) throw new Error("there is no fixture");
  const { emulator, provider } = await openState(state, { accepts: true, skip: true });
  await provider.delete(state.id, { ...state.outputs, keepNewest: 3 });
  expect(emulator.requests).toEqual([]);
});

function without(outputs: StoredState["outputs"], names: readonly string[]): StoredState["outputs"] {
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !names.includes(name)));
}

/** One damage for each output that `delete` reads, in a state that has it. */
function damagesOf(fixture: StateFixture): readonly (StoredState & { readonly damaged: string })[] {
  const damages = purgesIn(fixture).flatMap((state) =>
    Object.keys(state.outputs).map((damaged) => [damaged, { ...state, damaged }] as const),
  );
  return [...new Map(damages)]
    .filter(([name]) => !name.startsWith("__") && !unread.includes(name))
    .map(([, damage]) => damage);
}

async function expectUnreadable(state: StoredState, outputs: StoredState["outputs"], name: string): Promise<void> {
  const { emulator, provider } = await openState(state);
  await expect(provider.delete(state.id, outputs)).rejects.toThrow(
    new RegExp(
      `^the stored state of this resource cannot be read \\(${name}(\\..*)?\\); nothing was deleted\nto remove`,
    ),
  );
  expect(emulator.requests).toEqual([]);
}
