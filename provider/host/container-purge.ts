import type { dynamic } from "@pulumi/pulumi";
import { type Configuration, configNames } from "../config";
import { SupermemoryError } from "../errors";
import { checkPurge, diffPurge } from "./check";
import { engineError } from "./engine-errors";
import type { Host } from "./host";
import { createPurge, deletePurge, readPurge, updatePurge } from "./purge-methods";

/** The provider methods of ContainerPurge, as the dynamic-provider server calls them. `configure` must not wait. */
export function containerPurgeMethods(host: Host): dynamic.ResourceProvider {
  /** Errors leave as the engine takes them, and every line that was logged arrives before its answer. */
  const run = async <T>(method: () => Promise<T>): Promise<T> =>
    await host.interruption.guard(async () => {
      try {
        return await method();
      } catch (error) {
        throw engineError(error, error instanceof SupermemoryError);
      } finally {
        await host.log.flush();
      }
    });
  return {
    configure: ({ config }): Promise<void> => {
      host.configure(read(config));
      return Promise.resolve();
    },
    check: async (olds: Properties, news: Properties) =>
      await run(async () => {
        const { failures, inputs } = await checkPurge(host, olds, news);
        return { inputs, failures: [...failures] };
      }),
    diff: async (_id: string, olds: Properties, news: Properties) =>
      await run(async () => await diffPurge(host, olds, news)),
    create: async (news: Properties) => await run(async () => await createPurge(host, news)),
    update: async (id: string, olds: Properties, news: Properties) =>
      await run(async () => await updatePurge(host, id, olds, news)),
    delete: async (_id: string, olds: Properties) => {
      await run(async () => {
        await deletePurge(host, olds);
      });
    },
    read: async (id: string, olds: Properties) => await run(async () => ({ id, props: await readPurge(host, olds) })),
  };
}

type Properties = Readonly<Record<string, unknown>>;

/** The stack's configuration below `supermemory:`. */
function read(config: { get(key: string): string | undefined }): Configuration {
  return Object.fromEntries(configNames.map((name) => [name, config.get(`supermemory:${name}`)]));
}
