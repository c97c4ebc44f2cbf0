import {
  cleanupPolicyMethods,
  containerPurgeMethods,
  openProvider,
  type Properties,
  type ProviderCalls,
} from "../provider/support/host-calls";
import { startEmulator } from "../provider/support/host-emulator";
import type { StateFixture, StoredState } from "./fixture";

/** A process of the newest provider, over the account that a stored state is about. */
export async function begun({ account, provider: config, type }: StoredState, more: Env = { accepts: true }) {
  const emulator = await startEmulator(account);
  const env = {
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_API_KEY: emulator.apiKey,
    // The emulator of the recorded run is gone, and this one has another port.
    SUPERMEMORY_ACCEPT_BASE_URL: more.accepts === true ? emulator.url : undefined,
    SUPERMEMORY_PURGE: more.skip === true ? "skip" : undefined,
  };
  const methods = type === "ContainerPurge" ? containerPurgeMethods : cleanupPolicyMethods;
  return { emulator, provider: openProvider({ env, methods, ...(config === undefined ? {} : { config }) }) };
}

interface Env {
  /** Whether the address may be another one than before. */
  readonly accepts?: boolean;
  readonly skip?: boolean;
}

/** What `check` makes of the arguments of the program, some of them changed. */
export async function checked(
  provider: ProviderCalls,
  { args, inputs, urn }: StoredState,
  changed: Properties = {},
): Promise<Properties> {
  const { __provider } = inputs;
  const answer = await provider.check(inputs, { ...args, ...changed, __provider, __urn: urn });
  expect(answer.failures).toEqual([]);
  return answer.inputs;
}

/** What a refresh has no part in. */
export function factsOf({ outputs }: StoredState): Properties {
  const observed = ["documentCount", "baseUrl", "keyId", "apiVersion"];
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => !observed.includes(name)));
}

export function tagsIn({ outputs }: StoredState): readonly string[] {
  const { containerTags } = outputs;
  return Array.isArray(containerTags) ? containerTags.map(String) : [];
}

export function purgesIn({ states }: StateFixture): readonly StoredState[] {
  return states.filter(({ type }) => type === "ContainerPurge");
}

export function policiesIn({ states }: StateFixture): readonly StoredState[] {
  return states.filter(({ type }) => type === "CleanupPolicy");
}
