import { ApiError, DeadlineError, refusesKey, StoppedError } from "../errors";
import type { ApiVersion, SupermemoryApi } from "./api";
import type { CallContext } from "./call-context";
import { withPatience } from "./retry";
import { probeTag } from "./list-filter";
import { decideVersion, type Observation, type ReadRoute, type Remembered, responseKindOf } from "./version-decision";

/** What this process knows of the versions at one address, for one key. */
export interface VersionMemory {
  /** The version of the last operation. */
  version: ApiVersion;
  /** The failed reads that show the end of v3; empty while v3 responds. */
  endOfV3: readonly Observation[];
}

export function newMemory(): VersionMemory {
  return { version: "v3", endOfV3: [] };
}

/**
 * The API of one session with `apiVersion: auto`. Its first read decides the version, which is then fixed: versions
 * differ in what they return and delete, so an operation must not mix them. If v3 ends later, the session fails, and the
 * next one uses v5.
 */
export function createNegotiated(
  v3: SupermemoryApi,
  v5: SupermemoryApi,
  memory: VersionMemory,
  remembered: Remembered,
): SupermemoryApi {
  const negotiation = new Negotiation({ v3, v5 }, memory, remembered);
  const read = negotiation.read.bind(negotiation);
  return {
    get version() {
      return negotiation.version;
    },
    get isProvisional() {
      return negotiation.isProvisional;
    },
    checkKey: async (containerTag, context) => {
      const likely = negotiation.version;
      const other = likely === "v3" ? v5 : v3;
      await { v3, v5 }[likely].checkKey(containerTag, context).catch(async (error: unknown) => {
        // A version that has ended may reject every key.
        if (!(error instanceof ApiError) || !refusesKey(error.failure)) throw error;
        await other.checkKey(containerTag, context).catch(() => {
          throw error;
        });
      });
    },
    list: async (query, context) => {
      const { containerTag } = query;
      const send: Send<Awaited<ReturnType<SupermemoryApi["list"]>>> = (api, asked) => api.list(query, asked);
      return await read({ route: "documents", containerTag, send }, context);
    },
    unit: async (context, work) => await v3.unit(context, work),
    tagsOf: async (id, context) => (negotiation.version === "v3" ? await v3.tagsOf?.(id, context) : undefined),
    listContainers: async (context) => {
      const send: Send<Awaited<ReturnType<SupermemoryApi["listContainers"]>>> = (api, asked) =>
        api.listContainers(asked);
      return await read({ route: "containers", containerTag: probeTag, send }, context);
    },
    activityOf: async (query, context) => {
      const { containerTag } = query;
      const send: Send<Awaited<ReturnType<SupermemoryApi["activityOf"]>>> = (api, asked) =>
        api.activityOf(query, asked);
      return await read({ route: "containers", containerTag, send }, context);
    },
    lastUpdateOf: async (query, context) => {
      const { containerTag } = query;
      const send: Send<Awaited<ReturnType<SupermemoryApi["lastUpdateOf"]>>> = (api, asked) =>
        api.lastUpdateOf(query, asked);
      return await read({ route: "documents", containerTag, send }, context);
    },
    deleteByTag: async (tag, context) => await negotiation.write(tag, context, (api) => api.deleteByTag(tag, context)),
    deleteIds: async (documents, context) =>
      await negotiation.write(documents.containerTag, context, (api) => api.deleteIds(documents, context)),
    deleteContainer: async (container, context) =>
      await negotiation.write(container.container, context, (api) => api.deleteContainer(container, context)),
  };
}

type Send<T> = (api: SupermemoryApi, context: CallContext) => Promise<T>;

interface Read<T> {
  readonly route: ReadRoute;
  /** The container that the other route of v3 is asked about. */
  readonly containerTag: string;
  readonly send: Send<T>;
}

/** The version that observations lead to, and what the read itself returned on it. */
interface Verdict<T> {
  readonly version: ApiVersion | undefined;
  readonly value: { readonly of: T } | undefined;
  /** The first failure. */
  readonly failure: ApiError | undefined;
}

class Negotiation {
  isProvisional = false;
  #decided: ApiVersion | undefined;
  /** v3 ended during this operation. */
  #ended: ApiError | undefined;

  constructor(
    private readonly apis: Readonly<Record<ApiVersion, SupermemoryApi>>,
    private readonly memory: VersionMemory,
    private readonly remembered: Remembered,
  ) {}

  /** Before the decision, the version that is likely. */
  get version(): ApiVersion {
    if (this.#decided !== undefined) return this.#decided;
    return this.remembered.recorded === "v5" || this.memory.endOfV3.length > 0 ? "v5" : "v3";
  }

  async read<T>(asked: Read<T>, context: CallContext): Promise<T> {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#decided === "v5") return await asked.send(this.apis.v5, context);
    const begin = this.#decided === undefined ? this.memory.endOfV3 : [];
    const { failure, value, version } = await this.#negotiate(asked, begin, context);
    if (value !== undefined) return value.of;
    // Without a decision, a server error may still end before the deadline.
    if (version === undefined && failure !== undefined && failure.failure.kind !== "server") throw failure;
    return await asked.send(this.apis[version ?? this.version], context);
  }

  async write<T>(containerTag: string, context: CallContext, send: (api: SupermemoryApi) => Promise<T>): Promise<T> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#decided ??= this.version;
    try {
      return await send(this.apis[this.#decided]);
    } catch (error) {
      if (this.#decided === "v5" || !(error instanceof ApiError) || !refusesRoute(error)) throw error;
      throw await this.#explain(error, containerTag, context);
    }
  }

  /** Asks both versions until their responses decide. */
  async #negotiate<T>(asked: Read<T>, begin: readonly Observation[], given: CallContext): Promise<Verdict<T>> {
    const context = withPatience(given, this.remembered.hurried);
    const now = (): number => context.deadline.clock.now();
    const seen = [...begin];
    let value: { readonly version: ApiVersion; readonly of: T } | undefined;
    let failure: ApiError | undefined;
    for (;;) {
      const decision = decideVersion(this.remembered, asked.route, seen, now());
      if (decision === "undecided") return { version: undefined, value: undefined, failure };
      if ("use" in decision) {
        const version = this.#settle(decision.use, asked.route, seen, now(), failure);
        return { version, value: value?.version === version ? value : undefined, failure };
      }
      if ("waitMs" in decision) {
        // A list from before the wait is too old to plan with.
        value = undefined;
        await waitForV3(decision.waitMs, failure, context);
        continue;
      }
      const { ask: version, route } = decision;
      const observe = (response: Observation["response"]): void => {
        seen.push({ version, route, at: now(), response });
      };
      try {
        const api = this.apis[version];
        if (route === asked.route) value = { version, of: await asked.send(api, context) };
        else await probe(api, route, asked.containerTag, context);
        observe("documented");
      } catch (error) {
        if (error instanceof DeadlineError && failure !== undefined && failure.failure.kind !== "server") throw failure;
        if (!(error instanceof ApiError)) throw error;
        failure ??= error;
        observe(responseKindOf(error));
      }
    }
  }

  /** Several reads may decide at the same time. The first decision counts. @throws ApiError if v3 ended after it */
  #settle(
    use: ApiVersion,
    route: ReadRoute,
    seen: readonly Observation[],
    now: number,
    failure: ApiError | undefined,
  ): ApiVersion {
    const { memory } = this;
    const ofV3 = seen.filter(({ version }) => version === "v3");
    if (use === "v3") memory.endOfV3 = [];
    else if (ofV3.length > 0) memory.endOfV3 = ofV3;
    if (this.#decided === "v3" && use === "v5" && failure !== undefined) {
      this.#ended = new ApiError(failure.failure, switchedOff);
      throw this.#ended;
    }
    if (this.#decided !== undefined) return this.#decided;
    this.#decided = use;
    const certain = decideVersion({ ...this.remembered, hurried: false }, route, seen, now);
    this.isProvisional = !(typeof certain === "object" && "use" in certain);
    if (!this.isProvisional) memory.version = use;
    return use;
  }

  /** Why v3 refused the route of a delete: it ended, or it has no such route any more although it still lists. */
  async #explain(error: ApiError, containerTag: string, context: CallContext): Promise<ApiError> {
    const send: Send<unknown> = (api, asked) => api.list({ containerTag, page: 1, order: "desc" }, asked);
    try {
      const { version } = await this.#negotiate({ route: "documents", containerTag, send }, [], context);
      return version === "v3" ? new ApiError(error.failure, error.summary, [deletesOnV5]) : error;
    } catch (problem) {
      if (problem === this.#ended) return new ApiError(error.failure, switchedOff);
      if (problem instanceof ApiError || problem instanceof DeadlineError || problem instanceof StoppedError)
        return error;
      throw problem;
    }
  }
}

const switchedOff = "API v3 was switched off during this operation";
const deletesOnV5 =
  "API v3 still lists documents, but refuses this request. To delete over API v5, set SUPERMEMORY_API_VERSION=v5 for this command";
const noTimeToWait =
  "API v5 responds. If API v3 was switched off, set SUPERMEMORY_API_VERSION=v5 for this command, or raise timeout";

async function probe(api: SupermemoryApi, route: ReadRoute, containerTag: string, context: CallContext): Promise<void> {
  if (route === "containers") await api.listContainers(context);
  else await api.list({ containerTag, page: 1, order: "desc" }, context);
}

/** @throws ApiError with the failure of v3 if the deadline comes first */
async function waitForV3(ms: number, failure: ApiError | undefined, { deadline, onWait }: CallContext): Promise<void> {
  if (failure !== undefined) {
    if (ms >= deadline.remaining()) {
      throw new ApiError(failure.failure, failure.summary, [...failure.hints, noTimeToWait], [], failure.apiMessage);
    }
    const status = "status" in failure.failure ? failure.failure.status : undefined;
    onWait?.({ reason: failure.failure.kind, status, ms });
  }
  await deadline.sleep(ms, "API v3 did not respond");
}

/** A response to a delete that means that the route is not there. The delete itself may have been malformed otherwise. */
function refusesRoute({ failure }: ApiError): boolean {
  return "status" in failure && [404, 405, 410, 426, 451].includes(failure.status);
}
