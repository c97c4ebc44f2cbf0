import {
  cleanupPolicyMethods,
  containerPurgeMethods,
  openProvider,
  type Properties,
  type ProviderCalls,
} from "../provider/support/host-calls";
import { startEmulator } from "../provider/support/host-emulator";
import type { StateFixture, StoredState } from "./fixture";

/** The newest provider, and an emulator with the account of a stored state. */
export async function openState({ account, provider: config, type }: StoredState, more: Env = { accepts: true }) {
  const emulator = await startEmulator(account);
  const env = {
    SUPERMEMORY_BASE_URL: emulator.url,
    SUPERMEMORY_API_KEY: emulator.apiKey,
    // The emulator of the recorded run had another port.
    SUPERMEMORY_ACCEPT_BASE_URL: more.accepts === true ? emulator.url : undefined,
    SUPERMEMORY_PURGE: more.skip === true ? "skip" : undefined,
  };
  const methods = type === "ContainerPurge" ? containerPurgeMethods : cleanupPolicyMethods;
  return { emulator, provider: openProvider({ env, methods, ...(config === undefined ? {} : { config }) }) };
}

interface Env {
  readonly accepts?: boolean;
  readonly skip?: boolean;
}

export async function checked(
  provider: ProviderCalls,
  { args, inputs, urn }: StoredState,
  changed: Properties = {},
): Promise<Properties> {
  const { __provider } = inputs;
  const { failures, inputs: news } = await provider.check(inputs, { ...args, ...changed, __provider, __urn: urn });
  expect(failures).toEqual([]);
  return news;
}

/** The outputs that a refresh does not update. */
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
