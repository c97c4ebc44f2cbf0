import { ApiError } from "../errors";
import type { Container, ApiVersion, SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";

/** Which generation an account has shown to speak; kept for the life of a process. */
export interface Spoken {
  generation: ApiVersion;
}

/**
 * v3 until one of its routes answers 404 or 410 and a v5 list answers as documented; from then on v5. The vendor has
 * announced that v3 ends, and that may happen in the middle of a purge: what v3 deleted stays counted, and a delete
 * that v3 no longer knows had no effect.
 */
export function createAuto(v3: SupermemoryApi, v5: SupermemoryApi, spoken: Spoken): SupermemoryApi {
  const over = async <T>(generation: ApiVersion, context: CallContext, send: Send<T>): Promise<T> => {
    context.onApiVersion?.(generation);
    return await send(generation === "v3" ? v3 : v5);
  };
  const call = async <T>(context: CallContext, send: Send<T>, proof: Send<unknown>): Promise<T> => {
    const asked = spoken.generation;
    try {
      return await over(asked, context, send);
    } catch (error) {
      if (asked === "v5" || !isRouteGone(error)) throw error;
      if (spoken.generation === "v3" && !(await answers(proof(v5)))) throw error;
      spoken.generation = "v5";
      return await over("v5", context, send);
    }
  };
  const callFor = async <T>(containerTag: string, context: CallContext, send: Send<T>): Promise<T> =>
    await call(context, send, async (api) => await api.list({ containerTag, page: 1, order: "desc" }, context));
  return {
    get version() {
      return spoken.generation;
    },
    list: async (query, context) =>
      await callFor(query.containerTag, context, async (api) => await api.list(query, context)),
    deleteByTag: async (tag, context) =>
      await callFor(tag, context, async (api) => await api.deleteByTag(tag, context)),
    deleteIds: async (documents, context) =>
      await callFor(documents.containerTag, context, async (api) => await api.deleteIds(documents, context)),
    deleteContainer: async (container, context) =>
      await callFor(container.container, context, async (api) => await api.deleteContainer(container, context)),
    listContainers: async (context) => {
      const send: Send<readonly Container[]> = async (api) => await api.listContainers(context);
      return await call(context, send, send);
    },
    activityOf: async (query, context) =>
      await callFor(query.containerTag, context, async (api) => await api.activityOf(query, context)),
  };
}

type Send<T> = (api: SupermemoryApi) => Promise<T>;

/** Only a valid list proves that v5 is there; a 404 of v3 alone may be a proxy's or a wrong address's. */
async function answers(list: Promise<unknown>): Promise<boolean> {
  try {
    await list;
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function isRouteGone(error: unknown): boolean {
  return error instanceof ApiError && (error.failure.kind === "missing" || error.failure.kind === "gone");
}
