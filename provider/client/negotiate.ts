import { ApiError } from "../errors";
import type { ApiVersion, SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";

/** The version that the last session of this process decided on. Later sessions start with it. */
export interface VersionMemory {
  version: ApiVersion;
}

/** How one version of the API responded to a read. */
export interface Observation {
  readonly version: ApiVersion;
  /** `gone` is a 404 or 410; `failed` is any other error. */
  readonly response: "documented" | "gone" | "failed";
}

export type Decision = { readonly use: ApiVersion } | { readonly ask: ApiVersion } | "undecided";

/**
 * Which API version an `auto` session uses, by what it has observed. It is v3, unless v3 returns 404 or 410 and v5
 * returns a documented list. A 404 alone proves nothing: it may come from a proxy or a wrong address.
 */
export function decideVersion(remembered: ApiVersion, observations: readonly Observation[]): Decision {
  const responses = (version: ApiVersion): readonly Observation["response"][] =>
    observations.filter((seen) => seen.version === version).map(({ response }) => response);
  if (remembered === "v5") return { use: "v5" };
  const [v3, v5] = [responses("v3"), responses("v5")];
  if (v3.length === 0) return { ask: "v3" };
  if (v3.includes("documented")) return { use: "v3" };
  if (!v3.includes("gone")) return "undecided";
  if (v5.length === 0) return { ask: "v5" };
  return v5.includes("documented") ? { use: "v5" } : "undecided";
}

/**
 * The API of one session with `apiVersion: auto`. Its first read decides the version, which is then fixed: versions
 * differ in what they return and delete, so an operation must not mix them. If v3 is switched off later, the session
 * fails, and the next one decides again.
 */
export function createNegotiated(v3: SupermemoryApi, v5: SupermemoryApi, memory: VersionMemory): SupermemoryApi {
  let decided: SupermemoryApi | undefined;

  const use = (version: ApiVersion): SupermemoryApi => {
    if (decided !== undefined) return decided;
    memory.version = version;
    decided = version === "v3" ? v3 : v5;
    return decided;
  };

  /** Several reads may decide at the same time. The first decision counts. */
  const firstRead = async <T>(send: Send<T>, proof: Send<unknown>): Promise<T> => {
    const observations: Observation[] = [];
    let value: { readonly of: T } | undefined;
    let failure: unknown;
    for (;;) {
      const decision = decideVersion(memory.version, observations);
      if (decision === "undecided") throw failure;
      if ("use" in decision) {
        const api = use(decision.use);
        return api === v3 && value !== undefined ? value.of : await sendWith(api, send, proof);
      }
      const version = decision.ask;
      try {
        if (version === "v3") value = { of: await send(v3) };
        else await proof(v5);
        observations.push({ version, response: "documented" });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        failure ??= error;
        observations.push({ version, response: isGone(error) ? "gone" : "failed" });
      }
    }
  };

  const sendWith = async <T>(api: SupermemoryApi, send: Send<T>, proof: Send<unknown>): Promise<T> => {
    try {
      return await send(api);
    } catch (error) {
      if (api === v5 || !isGone(error) || !(await responds(proof(v5)))) throw error;
      throw new ApiError(error.failure, "API v3 was switched off during this operation");
    }
  };

  const read = async <T>(send: Send<T>, proof: Send<unknown>): Promise<T> =>
    await (decided === undefined ? firstRead(send, proof) : sendWith(decided, send, proof));
  const write = async <T>(containerTag: string, context: CallContext, send: Send<T>): Promise<T> =>
    await sendWith(decided ?? use(memory.version), send, listOf(containerTag, context));

  return {
    get version() {
      return decided?.version ?? memory.version;
    },
    unit: async (context, work) => await (decided ?? v3).unit(context, work),
    list: async (query, context) =>
      await read(async (api) => await api.list(query, context), listOf(query.containerTag, context)),
    listContainers: async (context) => {
      const send: Send<Awaited<ReturnType<SupermemoryApi["listContainers"]>>> = async (api) =>
        await api.listContainers(context);
      return await read(send, send);
    },
    activityOf: async (query, context) =>
      await read(async (api) => await api.activityOf(query, context), listOf(query.containerTag, context)),
    deleteByTag: async (tag, context) => await write(tag, context, async (api) => await api.deleteByTag(tag, context)),
    deleteIds: async (documents, context) =>
      await write(documents.containerTag, context, async (api) => await api.deleteIds(documents, context)),
    deleteContainer: async (container, context) =>
      await write(container.container, context, async (api) => await api.deleteContainer(container, context)),
  };
}

type Send<T> = (api: SupermemoryApi) => Promise<T>;

/** A list of the container, which proves that a version exists. */
function listOf(containerTag: string, context: CallContext): Send<unknown> {
  return async (api) => await api.list({ containerTag, page: 1, order: "desc" }, context);
}

async function responds(list: Promise<unknown>): Promise<boolean> {
  try {
    await list;
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

function isGone(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.failure.kind === "missing" || error.failure.kind === "gone");
}
