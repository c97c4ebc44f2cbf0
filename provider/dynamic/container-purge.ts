import type { dynamic } from "@pulumi/pulumi";
import { checkPurge, diffPurge } from "../container-purge/check";
import type { Host } from "../host/host";
import { configurationOf, runMethod } from "./methods";
import { createPurge, deletePurge, readPurge, updatePurge } from "../container-purge/provider";
import type { Properties } from "../util/values";

/** The provider methods of ContainerPurge, as the dynamic-provider server calls them. `configure` must not wait. */
export function containerPurgeMethods(host: Host): dynamic.ResourceProvider {
  const run = async <T>(method: () => Promise<T>): Promise<T> => await runMethod(host, method);
  return {
    configure: ({ config }): Promise<void> => {
      host.configure(configurationOf(config));
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
