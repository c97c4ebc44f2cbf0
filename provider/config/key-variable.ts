/**
 * SUPERMEMORY_PURGE_API_KEY_OTHER_ORG for an instance named "other-org". Imports nothing, because every program loads it at
 * its start.
 */
export function variableOf(instance: string): string {
  return `SUPERMEMORY_PURGE_API_KEY_${instance.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}
