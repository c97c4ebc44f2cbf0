import { type Configuration, configNames } from "../config/names";
import { SupermemoryError } from "../errors";
import { engineError } from "./engine-errors";
import type { Host } from "../host/host";

/** Runs a provider method: errors leave as the engine takes them, and what was logged arrives before the answer. */
export async function runMethod<T>(host: Host, method: () => Promise<T>): Promise<T> {
  return await host.shutdown.guard(async () => {
    try {
      return await method();
    } catch (error) {
      throw engineError(error, error instanceof SupermemoryError);
    } finally {
      await host.log.flush();
    }
  });
}

/** The stack's configuration below `supermemory:`. */
export function configurationOf(config: { get(key: string): string | undefined }): Configuration {
  return Object.fromEntries(configNames.map((name) => [name, config.get(`supermemory:${name}`)]));
}
