import { type Behaviour, behaviourOf } from "./api/behaviour";
import type { ApiState, ApiVersion } from "./api/api-version";
import { StaleIndex } from "./api/stale-index";
import { type RateLimit, RateLimiter } from "./api/rate-limit";
import { type Clock, systemClock } from "./clock";
import type { ActiveFault, FaultRule } from "./faults/rules";
import { FaultScript } from "./faults/script";
import { type Exchange, headersWithoutKey } from "./http/exchange";
import { HeldResponses } from "./http/held-responses";
import { type ApiKey, DEFAULT_API_KEY } from "./http/keys";
import { type RecordedRequest, RequestLog } from "./http/request-log";
import { startServer } from "./http/server";
import type { Deletion, LateDeletion, LateTagging } from "./ledger";
import { plantSeed } from "./seed";
import { parseSeed, type Seed } from "./seed-schema";
import { type EmulatorState, handleRequest } from "./service";
import type { Container } from "./store/container";
import type { StoredDocument } from "./store/documents";
import { Store } from "./store/store";

export interface EmulatorOptions extends Partial<Behaviour> {
  /** The content at the start and after a reset. Default: none. */
  readonly seed?: Seed;
  /** The fault script at the start and after a reset. Default: none. */
  readonly faults?: readonly FaultRule[];
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** The accepted keys. Default: {@link DEFAULT_API_KEY} as owner. */
  readonly apiKeys?: readonly ApiKey[];
  /** The number of requests per key in a window of time. Default: no limit. */
  readonly rateLimit?: RateLimit;
  /** Called with each request and its response, right after the response was sent. It must not throw. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** A running emulator of the Supermemory API. */
export interface Emulator {
  /** The base URL, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The first of the accepted keys. */
  readonly apiKey: string;
  /** The requests since the start or the last reset, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The deleted documents, and the requests that deleted them. */
  readonly ledger: readonly Deletion[];
  /** The documents that another client deleted, by a lateDeleter fault. */
  readonly lateDeletions: readonly LateDeletion[];
  /** The documents that another client tagged or moved, by the `meanwhile` of a fault. */
  readonly lateTaggings: readonly LateTagging[];
  /** The active fault rules. */
  readonly faults: readonly ActiveFault[];
  /** The number of responses that are held back. */
  readonly held: number;
  /** The number of documents by container tag, empty containers included. */
  containers(): Readonly<Record<string, number>>;
  /** The number of direct memories by container tag. */
  memories(): Readonly<Record<string, number>>;
  /** The documents of a container, oldest first. Without a tag: all documents. Never includes the deleted documents of a listLag fault. */
  documents(containerTag?: string): readonly StoredDocument[];
  /** Adds a seed to the content. A reset removes it. Throws RangeError when the seed is not valid. */
  seed(seed: Seed): void;
  /** Adds a rule at the end of the script. A reset removes it. Throws RangeError when the rule is not valid. */
  addFault(rule: FaultRule): ActiveFault;
  /** The rules that have hit no request. */
  unhitFaults(): readonly FaultRule[];
  /** Switches an API version on or off, as the vendor will do with v3. A reset returns to the options. */
  switchApi(api: ApiVersion, state: ApiState): void;
  /** Ends the processing and the generation of memories of all documents, or of those of one container. */
  finishProcessing(containerTag?: string): void;
  /**
   * Waits until at least `count` responses are held back. Default: 1.
   *
   * @throws Error after `timeout` milliseconds. Default: 10,000.
   */
  whenHeld(count?: number, timeout?: number): Promise<void>;
  /** Sends the responses that slow faults hold back. */
  release(): void;
  /** Returns to the seed and the faults of the options, and clears requests and ledger. Held responses are dropped. */
  reset(): void;
  /** Ends the server and all connections, including held responses. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of the Supermemory API on the loopback interface.
 *
 * @throws RangeError when the seed, a fault rule or the rate limit is not valid
 * @throws Error (EADDRINUSE, EACCES) when the port is not available
 * @example
 * const emulator = await createEmulator({ seed: { containers: { "pr-42": 128, production: 3 } } });
 * const client = new Supermemory({ apiKey: emulator.apiKey, baseURL: emulator.url });
 * await client.documents.deleteBulk({ containerTags: ["pr-42"] });
 * emulator.containers(); // { "pr-42": 0, production: 3 }
 * await emulator.close();
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { clock = systemClock, apiKeys = [{ key: DEFAULT_API_KEY }], port = 0 } = options;
  const seed = parseSeed(options.seed ?? {});
  const held = new HeldResponses();
  const initial = (): EmulatorState => initialState({ ...options, seed }, clock, apiKeys);
  let state = initial();
  const server = await startServer(port, clock, async (arrival) => {
    const { response, ...logged } = await handleRequest(state, held, arrival);
    const { headers, target } = arrival;
    return {
      response,
      sent: (sent) => options.onExchange?.({ ...logged, target, headers: headersWithoutKey(headers), response: sent }),
    };
  });
  return {
    url: server.url,
    apiKey: apiKeys[0]?.key ?? DEFAULT_API_KEY,
    get requests() {
      return state.log.requests;
    },
    get ledger() {
      return state.world.ledger;
    },
    get lateDeletions() {
      return state.world.lateDeletions;
    },
    get lateTaggings() {
      return state.world.lateTaggings;
    },
    get faults() {
      return state.script.faults;
    },
    get held() {
      return held.size;
    },
    containers: () => countBy(state.world.store, ({ documents }) => documents.size),
    memories: () => countBy(state.world.store, ({ memories }) => memories.length),
    documents: (containerTag) => {
      const { store } = state.world;
      const listing = containerTag === undefined ? store.everything : store.containers.get(containerTag)?.documents;
      return (listing?.all() ?? []).map((slot) => store.read(slot));
    },
    seed: (more) => {
      plantSeed(state.world.store, clock, parseSeed(more));
    },
    addFault: (rule) => state.script.add(rule),
    unhitFaults: () => state.script.faults.filter(({ hits }) => hits === 0).map(({ rule }) => rule),
    switchApi: (api, apiState) => {
      state.apis[api] = apiState;
      state.outages.delete(api);
    },
    finishProcessing: (containerTag) => {
      state.world.store.finishProcessing(containerTag);
    },
    whenHeld: (count = 1, timeout = 10_000) => held.whenHeld(count, timeout),
    release: () => {
      held.endAll("released");
    },
    reset: () => {
      held.endAll("dropped");
      state = initial();
    },
    close: () => {
      held.endAll("dropped");
      return server.close();
    },
  };
}

function countBy({ containers }: Store, count: (container: Container) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from(containers.values(), (container) => [container.containerTag, count(container)]));
}

function initialState(options: EmulatorOptions, clock: Clock, keys: readonly ApiKey[]): EmulatorState {
  const behaviour = behaviourOf(options);
  const store = new Store(clock);
  plantSeed(store, clock, options.seed ?? {});
  const script = new FaultScript();
  for (const rule of options.faults ?? []) script.add(rule);
  return {
    world: {
      store,
      staleIndex: new StaleIndex(),
      ledger: [],
      lateDeletions: [],
      lateTaggings: [],
      merges: [],
      clock,
      behaviour,
    },
    keys,
    outages: new Map(),
    log: new RequestLog(),
    script,
    rateLimiter: options.rateLimit === undefined ? undefined : new RateLimiter(options.rateLimit, clock),
    apis: { v3: behaviour.v3, v5: behaviour.v5 },
  };
}
