import type { ContainerSeed } from "../../../emulator/index";
import { cleanupPolicyMethods } from "../../../provider/host/cleanup-policy";
import type { CallOptions } from "./host-calls";
import { OneResourceStack } from "./host-stack";

export const urnOfPolicy = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/supermemory:CleanupPolicy::nightly";

/** What a TestClock says in the beginning. */
const now = Date.parse("2026-01-31T12:00:00.000Z");

/** A stack of one CleanupPolicy. */
export function policyStack(emulator: ConstructorParameters<typeof OneResourceStack>[0], options: CallOptions = {}) {
  return new OneResourceStack(emulator, { methods: cleanupPolicyMethods, ...options }, urnOfPolicy);
}

/** A container with documents in which something happened so many days ago last. */
export function idle(days: number, documents = 2): ContainerSeed {
  const createdAt = daysAgo(days);
  return { documents, createdAt, lastActivityAt: createdAt, each: { createdAt } };
}

/** RFC 3339. */
export function daysAgo(days: number): string {
  return new Date(now - days * 86_400_000).toISOString();
}
