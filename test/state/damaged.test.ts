import { mutations } from "../provider/support/host-emulator";
import { begun, checked, purgesIn } from "./begun";
import { type StateFixture, type StoredState, stateFixtures } from "./fixture";

/** Outputs that `delete` does not read. */
const unread = ["containerTag", "triggers"];
/** What an engine may leave out, since it is null in the beginning. */
const facts = ["documentCount", "lastPurgedAt", "lastPurgeEvent", "apiVersion", "baseUrl", "keyId"];
/** Arguments that came later than the first states, or that a program may leave out. */
const optional = ["scope", "select", "deleteBy", "sharedDocuments"];

describe.each(stateFixtures())("a state of version $version", (fixture) => {
  const damages = damagesOf(fixture);

  test.each(damages)("whose $damaged is damaged is not destroyed, and says so: $name", async (state) => {
    const outputs = { ...state.outputs, [state.damaged]: { damaged: true } };
    await expectUnreadable(state, outputs, state.damaged);
  });

  const always = damages.filter(({ damaged }) => ![...facts, ...optional].includes(damaged));
  test.each(always)("without $damaged is not destroyed, and says so: $name", async (state) => {
    await expectUnreadable(state, without(state.outputs, [state.damaged]), state.damaged);
  });

  test.each(purgesIn(fixture))(
    "without what is null in the beginning is destroyed all the same: $name",
    async (state) => {
      const { emulator, provider } = await begun(state);
      await provider.delete(state.id, without(state.outputs, facts));
      expect(emulator.containers()).toEqual({ ...state.destroyed.containers, bystander: 3 });
    },
  );

  const purging = purgesIn(fixture).filter(({ destroyed }) => destroyed.deletedCount > 0);
  test.each(purging)("with an output of a newer version is not destroyed until an up: $name", async (state) => {
    const { emulator, provider } = await begun(state);
    const newer = { ...state.outputs, keepNewest: 3, __later: true };
    const refusal = [
      "the stored state of this resource contains keepNewest, which this version of pulumi-supermemory does not know; nothing was deleted",
      "use the newer version that wrote it, or run pulumi up with this version first",
      "to remove the resource without purging, run: pulumi state delete",
    ].join("\n");
    await expect(provider.delete(state.id, newer)).rejects.toThrow(new Error(refusal));
    const refreshed = await provider.read(state.id, newer);
    await expect(provider.delete(state.id, refreshed)).rejects.toThrow("contains keepNewest");
    expect(mutations(emulator)).toEqual([]);
    const news = await checked(provider, state);
    expect(await provider.diff(state.id, newer, news)).toBe(true);
    expect(await provider.update(state.id, newer, news)).not.toHaveProperty("keepNewest");
  });
});

test("SUPERMEMORY_PURGE=skip lets a resource of a newer version go, and nothing is deleted", async () => {
  const [state] = stateFixtures().flatMap(purgesIn);
  if (state === undefined) throw new Error("there is no fixture");
  const { emulator, provider } = await begun(state, { accepts: true, skip: true });
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
  const { emulator, provider } = await begun(state);
  await expect(provider.delete(state.id, outputs)).rejects.toThrow(
    new RegExp(`^the stored state of this resource cannot be read \\(${name}(\\..*)?\\); nothing was deleted\nto remove`),
  );
  expect(emulator.requests).toEqual([]);
}
