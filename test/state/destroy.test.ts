import { systemClock } from "../../emulator/index";
import { startEmulator } from "../provider/support/host-emulator";
import { startEngine } from "../provider/support/host-engine";
import { projectFolder, startServer } from "../provider/support/host-process";
import { toProperties } from "../engine/embedded/state/values";
import { type StoredState, stateFixtures } from "./fixture";

describe.each(stateFixtures())("a state of version $version", ({ states }) => {
  test.each(states)("is destroyed as that version destroyed it: $name", async (state) => {
    const { containers, lines, requests } = await destroyed(state);
    expect(containers).toEqual({ ...state.destroyed.containers, bystander: 3 });
    const { deletedCount } = state.destroyed;
    if (deletedCount === 0) expect(requests.filter((request) => request.mutating)).toEqual([]);
    else expect(lines).toContainEqual(expect.stringMatching(numbers(deletedCount, totalOf(state) + deletedCount)));
  });
});

/** A destroy by the newest provider. The SDK's own server evaluates the provider text in the state. */
async function destroyed({ account, id, inputs, outputs, provider, urn }: StoredState) {
  const emulator = await startEmulator(account, { clock: systemClock });
  const engine = await startEngine();
  const { printed, server } = await startServer(projectFolder(), engine.address, {
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_API_KEY: emulator.apiKey,
    // The emulator of the recorded run had another port.
    SUPERMEMORY_ACCEPT_BASE_URL: emulator.url,
  });
  await server.configure(provider ?? {});
  await server.delete({ urn, id }, toProperties(outputs), toProperties(inputs));
  expect(printed).toEqual([]);
  const lines = engine.lines.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message);
  return { containers: emulator.containers(), requests: emulator.requests, lines };
}

function totalOf({ outputs }: StoredState): number {
  return Number(outputs["totalDeletedCount"] ?? 0);
}

/** The line of a purge, with the total number of deleted documents when it differs. */
function numbers(deleted: number, total: number): RegExp {
  const inTotal = total === deleted ? "(?!.*in total)" : `(?=.*\\b${total} in total)`;
  return new RegExp(`^deleted (?=.*\\b${deleted} documents?\\b)${inTotal}`, "m");
}
