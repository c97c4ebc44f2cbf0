import type { dynamic } from "@pulumi/pulumi";
import type { Host } from "../host/host";
import { type CheckedPlans, checkPolicy, diffPolicy } from "../cleanup-policy/check";
import { createPolicy, updatePolicy } from "../cleanup-policy/provider";
import { configurationOf, runMethod } from "./methods";
import type { Properties } from "../util/values";

/** The provider methods of CleanupPolicy, as the dynamic-provider server calls them. `configure` must not wait. */
export function cleanupPolicyMethods(host: Host): dynamic.ResourceProvider {
  const plans: CheckedPlans = new Map();
  const run = async <T>(method: () => Promise<T>): Promise<T> => await runMethod(host, method);
  return {
    configure: ({ config }): Promise<void> => {
      host.configure(configurationOf(config));
      return Promise.resolve();
    },
    check: async (_olds: Properties, news: Properties) =>
      await run(async () => {
        const { failures, inputs } = await checkPolicy(host, plans, news);
        return { inputs, failures: [...failures] };
      }),
    diff: async (_id: string, olds: Properties, news: Properties) =>
      await run(() => Promise.resolve({ changes: diffPolicy(host, plans, olds, news) })),
    create: async (news: Properties) => await run(async () => await createPolicy(host, news)),
    update: async (id: string, olds: Properties, news: Properties) =>
      await run(async () => await updatePolicy(host, id, olds, news)),
    /** What a policy did is done; without it nothing more is. */
    delete: () => Promise.resolve(),
    /** A policy is about what is there at the next `up`, so there is nothing to refresh. */
    read: (id: string, olds: Properties) => Promise.resolve({ id, props: { ...olds } }),
  };
}
