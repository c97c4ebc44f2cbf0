import type { dynamic } from "@pulumi/pulumi";
import { type Configuration, configNames } from "../config/names";
import { RefusedError } from "../errors";
import { withOutcome } from "../host/apply";
import { type CheckResponse, failureOf, type ResourceHandler } from "../host/handler";
import type { Host } from "../host/host";
import type { Properties } from "../util/values";
import { engineError } from "./engine-errors";
import { takeHidden, withHidden } from "./hidden";

/**
 * A resource's provider methods, as the dynamic-provider server calls them. The server passes neither the URN nor whether
 * it is a preview, so hidden properties do.
 */
export function dynamicMethods(host: Host, resource: ResourceHandler): dynamic.ResourceProvider {
  /** URNs whose last `check` was in a preview: `diff` has no `__preview`. */
  const previewed = new Set<string | undefined>();
  return {
    /** It must not wait: an asynchronous one is raced by the first calls. */
    configure: ({ config }): Promise<void> => {
      host.configure(configurationOf(config));
      return Promise.resolve();
    },
    check: async (olds: Properties, inputs: Properties) =>
      await run(host, inputs, async () => {
        const { preview, urn, visible: news } = takeHidden(inputs);
        const checked = await resource.check({ urn, preview, olds, news });
        if (preview) previewed.add(urn);
        else previewed.delete(urn);
        const isNew = Object.keys(olds).length === 0;
        const announces = preview && isNew && checked.failures.length === 0;
        const response = announces ? await announceNew(resource, urn, checked) : checked;
        return { inputs: withHidden(response.inputs, inputs), failures: [...response.failures] };
      }),
    diff: async (_id: string, outputs: Properties, inputs: Properties) =>
      await run(host, inputs, async () => {
        const [old, { urn, visible: news }] = [takeHidden(outputs), takeHidden(inputs)];
        const changes = resource.diff({ urn, olds: old.visible, news }) || old.urn !== urn;
        if (previewed.has(urn)) await resource.preview({ urn, olds: old.visible, news, changes });
        return { changes };
      }),
    create: async (inputs: Properties) =>
      await run(host, inputs, async () => {
        const { urn, visible: news } = takeHidden(inputs);
        const { id, outputs } = await resource.create({ urn, news });
        return { id, outs: withHidden(outputs, inputs) };
      }),
    update: async (id: string, outputs: Properties, inputs: Properties) =>
      await run(host, inputs, async () => {
        const [{ visible: olds }, { urn, visible: news }] = [takeHidden(outputs), takeHidden(inputs)];
        return { outs: withHidden(await resource.update({ id, urn, olds, news }), inputs) };
      }),
    delete: async (_id: string, outputs: Properties) => {
      await run(host, outputs, async () => {
        const { urn, visible: olds } = takeHidden(outputs);
        await resource.delete({ urn, olds });
      });
    },
    read: async (id: string, outputs: Properties) =>
      await run(host, outputs, async () => {
        const { urn, visible: olds } = takeHidden(outputs);
        return { id, props: withHidden(await resource.read({ urn, olds }), outputs) };
      }),
  };
}

/** A preview never calls create. A purge that a guardrail would refuse is a failure of the responsible property. */
async function announceNew(
  resource: ResourceHandler,
  urn: string | undefined,
  checked: CheckResponse,
): Promise<CheckResponse> {
  try {
    await resource.preview({ urn, olds: undefined, news: checked.inputs, changes: true });
    return checked;
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { ...checked, failures: [failureOf(error)] };
  }
}

/** Runs a provider method: errors in the form that the engine needs, and what was logged arrives before the response. */
async function run<T>(host: Host, properties: Properties, method: () => Promise<T>): Promise<T> {
  return await host.shutdown.guard(async () => {
    try {
      return await withOutcome(method);
    } catch (error) {
      throw engineError(error, (outputs) => withHidden(outputs, properties));
    } finally {
      await host.log.flush();
    }
  });
}

/** The stack's configuration below `supermemory:`. */
function configurationOf(config: { get(key: string): string | undefined }): Configuration {
  return Object.fromEntries(configNames.map((name) => [name, config.get(`supermemory:${name}`)]));
}
