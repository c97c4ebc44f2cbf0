import { ApiError } from "../errors";
import type { Generation, SupermemoryApi } from "./api";
import type { CallContext } from "./http";

/** Which generation an account has shown to speak; kept for the life of a process. */
export interface Spoken {
  generation: Generation;
}

/**
 * v3 until one of its routes answers 404 or 410 and a v5 list answers as documented; from then on v5. The vendor has
 * announced that v3 ends, and that may happen in the middle of a purge: what v3 deleted stays counted, and a delete
 * that v3 no longer knows had no effect.
 */
export function createAuto(v3: SupermemoryApi, v5: SupermemoryApi, spoken: Spoken): SupermemoryApi {
  const call = async <T>(tag: string, context: CallContext, send: (api: SupermemoryApi) => Promise<T>): Promise<T> => {
    const asked = spoken.generation;
    try {
      return await send(asked === "v3" ? v3 : v5);
    } catch (error) {
      if (asked === "v5" || !isRouteGone(error)) throw error;
      if (spoken.generation === "v3" && !(await speaksV5(v5, tag, context))) throw error;
      spoken.generation = "v5";
      return await send(v5);
    }
  };
  return {
    get version() {
      return spoken.generation;
    },
    list: async (query, context) =>
      await call(query.containerTag, context, async (api) => await api.list(query, context)),
    deleteByTag: async (tag, context) => await call(tag, context, async (api) => await api.deleteByTag(tag, context)),
    deleteIds: async (documents, context) =>
      await call(documents.containerTag, context, async (api) => await api.deleteIds(documents, context)),
  };
}

/** Only a valid list proves that v5 is there; a 404 of v3 alone may be a proxy's or a wrong address's. */
async function speaksV5(v5: SupermemoryApi, containerTag: string, context: CallContext): Promise<boolean> {
  try {
    await v5.list({ containerTag, page: 1, order: "desc" }, context);
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function isRouteGone(error: unknown): boolean {
  return error instanceof ApiError && (error.failure.kind === "missing" || error.failure.kind === "gone");
}
