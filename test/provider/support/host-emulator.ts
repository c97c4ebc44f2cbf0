import { createManualClock, type Emulator, type EmulatorOptions, type Seed } from "../../../emulator/index";
import { openEmulator } from "../../wire/emulator";
import { testTime } from "./host-calls";

export type SeedContainers = NonNullable<Seed["containers"]>;

const running: Emulator[] = [];
const bystander = 3;

/** Every emulator that a test started kept its bystander, and every fault of it was hit. */
afterEach(async () => {
  const ended = running.splice(0);
  const kept = ended.map((emulator) => [emulator.containers()["bystander"], emulator.unhitFaults()]);
  await Promise.all(ended.map(async (emulator) => emulator.close()));
  expect(kept).toEqual(ended.map(() => [bystander, []]));
});

/**
 * An emulator that ends with the test, with these containers and a bystander that nothing may touch. It has the time
 * of the host's clock.
 */
export async function startEmulator(
  containers: SeedContainers,
  options: Omit<EmulatorOptions, "seed"> = {},
): Promise<Emulator> {
  const clock = createManualClock(testTime);
  const emulator = await openEmulator({ clock, ...options, seed: { containers: { ...containers, bystander } } });
  running.push(emulator);
  return emulator;
}

/** "DELETE pr-42" for each request that could change something, "POST pr-42" for each list. */
export function sent(emulator: Emulator, from = 0): readonly string[] {
  return emulator.requests.slice(from).map(({ containerTags, method }) => `${method} ${containerTags.join(",")}`);
}

export function mutations(emulator: Emulator): readonly string[] {
  return emulator.requests
    .filter((request) => request.mutating)
    .map(({ containerTags, method }) => `${method} ${containerTags.join(",")}`);
}
