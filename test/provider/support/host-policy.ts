import type { ContainerSeed, EmulatorOptions } from "../../../emulator/index";
import {
  type CallOptions,
  cleanupPolicyMethods,
  openProvider,
  type Properties,
  type ProviderCalls,
  testTime,
} from "./host-calls";
import { type SeedContainers, startEmulator } from "./host-emulator";
import { OneResourceStack, urnOfMemory } from "./host-stack";

export const urnOfPolicy = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/supermemory:CleanupPolicy::nightly";

export function policyStack(emulator: ConstructorParameters<typeof OneResourceStack>[0], options: CallOptions = {}) {
  return new OneResourceStack(emulator, { methods: cleanupPolicyMethods, ...options }, urnOfPolicy);
}

export async function policyOver(
  containers: SeedContainers,
  { apiKeys = [], ...options }: CallOptions & Pick<EmulatorOptions, "apiKeys"> = {},
) {
  const emulator = await startEmulator(containers, apiKeys.length > 0 ? { apiKeys } : {});
  return { emulator, stack: policyStack(emulator, options) };
}

/** A container with documents in which something happened so many days ago last. */
export function idle(days: number, documents = 2): ContainerSeed {
  const createdAt = daysAgo(days);
  return { documents, createdAt, lastActivityAt: createdAt, each: { createdAt } };
}

/** RFC 3339. */
export function daysAgo(days: number): string {
  return new Date(testTime - days * 86_400_000).toISOString();
}

/** A process in which nothing was checked yet, over two containers that a policy would purge. */
export async function begunPolicy(config: Readonly<Record<string, string>> = {}) {
  const emulator = await startEmulator({ "pr-1": idle(31), "pr-2": idle(30, 3) });
  const env = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  return { emulator, provider: openProvider({ env, config, methods: cleanupPolicyMethods }) };
}

export function inProgram(args: Properties): Properties {
  return { ...args, __provider: "text", __urn: urnOfPolicy };
}

export function claimPr1({ host }: ProviderCalls, baseUrl: string): void {
  host.claims.add({ urn: urnOfMemory, containerTags: ["pr-1"], baseUrl, keyId: null });
}
