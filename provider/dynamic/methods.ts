import type { dynamic } from "@pulumi/pulumi";
import { type Configuration, configNames } from "../config/names";
import { RefusedError, StateError } from "../errors";
import { withOutcome } from "../host/apply";
import { type CheckResponse, type DiffRequest, failureOf, type ResourceHandler, withoutUnset } from "../host/handler";
import type { Host } from "../host/host";
import type { Properties } from "../util/values";
import type { DeletedUrn } from "./deleted-urn";
import { engineError } from "./engine-errors";
import { takeHidden, withHiddenInputs, withHiddenOutputs } from "./hidden";

/**
 * A resource's provider methods, as the dynamic-provider server calls them. The server passes neither the URN nor whether
 * it is a preview, so hidden properties do.
 */
export function dynamicMethods(
  host: Host,
  resource: ResourceHandler,
  deletedUrn?: DeletedUrn,
): dynamic.ResourceProvider {
  /** Whether the last `check` of a URN was in a preview: `diff` has no `__preview`. A refresh does not call `check`. */
  const previewed = new Map<string | undefined, boolean>();
  /** @param olds the outputs before, or nothing of a new resource */
  const stored = (outputs: Properties, inputs: Properties, olds: Properties): Record<string, unknown> => {
    const secret = { now: takeHidden(inputs).secret, before: takeHidden(olds).secret };
    return withHiddenOutputs(outputs, inputs, resource.secretOutputs(outputs, secret));
  };
  return {
    /** It must not wait: an asynchronous one is raced by the first calls. */
    configure: ({ config }): Promise<void> => {
      host.configure(configurationOf(config));
      return Promise.resolve();
    },
    check: async (olds: Properties, inputs: Properties) =>
      await run(host, async () => {
        const { known, preview, secret, urn, visible: news } = takeHidden(inputs);
        const checked = await resource.check({ urn, preview, known, secret, olds: takeHidden(olds).visible, news });
        previewed.set(urn, preview);
        const isNew = Object.keys(olds).length === 0;
        const announces = preview && isNew && checked.failures.length === 0;
        const response = announces ? await announceNew(resource, urn, checked) : checked;
        return {
          inputs: withHiddenInputs(response.inputs, inputs),
          failures: [...withoutUnset(response.failures, news)],
        };
      }),
    diff: async (_id: string, outputs: Properties, inputs: Properties) =>
      await run(host, async () => {
        const [old, { urn, visible: news }] = [takeHidden(outputs), takeHidden(inputs)];
        const preview = previewed.get(urn);
        const changes = changesOf(resource, { urn, olds: old.visible, news }, preview === undefined) || old.urn !== urn;
        if (preview === true) await resource.preview({ urn, olds: old.visible, news, changes });
        if (preview === false && !changes) await resource.remind({ urn, olds: old.visible, news });
        return { changes };
      }),
    create: async (inputs: Properties) =>
      await run(
        host,
        async () => {
          const { urn, visible: news } = takeHidden(inputs);
          const { id, outputs } = await resource.create({ urn, news });
          return { id, outs: stored(outputs, inputs, {}) };
        },
        (outputs) => stored(outputs, inputs, {}),
      ),
    update: async (id: string, outputs: Properties, inputs: Properties) =>
      await run(
        host,
        async () => {
          const [{ visible: olds }, { urn, visible: news }] = [takeHidden(outputs), takeHidden(inputs)];
          return { outs: stored(await resource.update({ id, urn, olds, news }), inputs, outputs) };
        },
        (updated) => stored(updated, inputs, outputs),
      ),
    delete: async (id: string, outputs: Properties) => {
      const deleted = deletedUrn?.take(id);
      await run(host, async () => {
        const { urn: recordedUrn, visible: olds } = takeHidden(outputs);
        await resource.delete({ urn: deleted ?? recordedUrn, recordedUrn, olds });
      });
    },
    read: async (id: string, outputs: Properties) =>
      await run(host, async () => {
        const { urn, visible: olds } = takeHidden(outputs);
        return { id, props: stored(await resource.read({ urn, olds }), outputs, outputs) };
      }),
  };
}

/** The diff of a refresh must not fail for damaged state, or a destroy with a refresh would have no way out. */
function changesOf(resource: ResourceHandler, request: DiffRequest, isRefresh: boolean): boolean {
  try {
    return resource.diff(request);
  } catch (error) {
    if (isRefresh && error instanceof StateError) return false;
    throw error;
  }
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

/**
 * Runs a provider method: errors in the form that the engine needs, and what was logged arrives before the response.
 *
 * @param stored the outputs of a create or update that failed halfway, as the engine stores them
 */
async function run<T>(
  host: Host,
  method: () => Promise<T>,
  stored: (outputs: Properties) => Properties = (outputs) => outputs,
): Promise<T> {
  return await host.shutdown.guard(async () => {
    try {
      return await withOutcome(method);
    } catch (error) {
      throw engineError(error, stored);
    } finally {
      await host.log.flush();
    }
  });
}

/** The stack's configuration below `supermemory:`. */
function configurationOf(config: { get(key: string): string | undefined }): Configuration {
  return Object.fromEntries(configNames.map((name) => [name, config.get(`supermemory:${name}`)]));
}
