import { type Behaviour, behaviourOf } from "./api/behaviour";
import type { Api, ApiState } from "./api/generation";
import { Ghosts } from "./api/ghosts";
import { type RateLimit, RateLimiter } from "./api/rate-limit";
import { type Clock, systemClock } from "./clock";
import type { ActiveFault, FaultRule } from "./faults/rules";
import { FaultScript } from "./faults/script";
import { type Exchange, headersWithoutKey } from "./http/exchange";
import { Holds } from "./http/holds";
import { type ApiKey, DEFAULT_API_KEY } from "./http/keys";
import { type RecordedRequest, RequestLog } from "./http/request-log";
import { startServer } from "./http/server";
import type { Deletion, LateDeletion } from "./ledger";
import { plantSeed } from "./seed";
import { parseSeed, type Seed } from "./seed-schema";
import { answerRequest, type Life } from "./service";
import type { Container } from "./store/container";
import type { StoredDocument } from "./store/documents";
import { Store } from "./store/store";

export interface EmulatorOptions extends Partial<Behaviour> {
  /** What is there at the start and after a reset. Default: nothing. */
  readonly seed?: Seed;
  /** The fault script at the start and after a reset. Default: none. */
  readonly faults?: readonly FaultRule[];
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** The keys that are accepted. Default: {@link DEFAULT_API_KEY} as owner. */
  readonly apiKeys?: readonly ApiKey[];
  /** How many requests of one key are answered in a window of time. Default: all. */
  readonly rateLimit?: RateLimit;
  /** Hears of each request and its answer right after the answer was sent. It must not throw. Default: nobody does. */
  readonly onExchange?: (exchange: Exchange) => void;
}

/** A running stand-in for the Supermemory API. */
export interface Emulator {
  /** The base URL, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** The first of the accepted keys. */
  readonly apiKey: string;
  /** What was sent since the start or the last reset, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** What was really removed, and by which request. */
  readonly ledger: readonly Deletion[];
  /** What somebody else removed meanwhile, by a fault. */
  readonly lateDeletions: readonly LateDeletion[];
  /** The rules in force. */
  readonly faults: readonly ActiveFault[];
  /** How many answers are held back now. */
  readonly held: number;
  /** The number of documents by container tag, empty containers included. */
  containers(): Readonly<Record<string, number>>;
  /** The number of direct memories by container tag. */
  memories(): Readonly<Record<string, number>>;
  /** The documents of a container, oldest first; of all without a tag. Lagging lists do not show here. */
  documents(containerTag?: string): readonly StoredDocument[];
  /** Adds to what is there; a reset forgets it. Throws RangeError when the seed is not valid. */
  seed(seed: Seed): void;
  /** Adds a rule at the end of the script; a reset forgets it. Throws RangeError when `nth` or `times` is not valid. */
  addFault(rule: FaultRule): ActiveFault;
  /** The rules that have hit no request. */
  unhitFaults(): readonly FaultRule[];
  /** Switches a generation of the API on or off, as the vendor will do with v3; a reset returns to the options. */
  switchApi(api: Api, state: ApiState): void;
  /** Ends the processing of all documents, or of those of one container. */
  finishProcessing(containerTag?: string): void;
  /**
   * Waits until at least `count` answers are held back, default 1.
   *
   * @throws Error after `timeout` milliseconds, default 10,000
   */
  whenHeld(count?: number, timeout?: number): Promise<void>;
  /** Lets the answers go that a slow fault holds back. */
  release(): void;
  /** Returns to the seed and the faults of the options, and forgets requests and ledger. Held answers are dropped. */
  reset(): void;
  /** Ends all connections, held answers included, and the server. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of the Supermemory API on the loopback interface.
 *
 * @throws RangeError when the seed, a fault rule or the rate limit is not valid
 * @throws Error (EADDRINUSE, EACCES) when the port cannot be had
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
  const holds = new Holds();
  const begin = (): Life => beginLife({ ...options, seed }, clock, apiKeys);
  let life = begin();
  const server = await startServer(port, clock, async (arrival) => {
    const { answer, ...noted } = await answerRequest(life, holds, arrival);
    const { headers, target } = arrival;
    return {
      answer,
      sent: (sent) => options.onExchange?.({ ...noted, target, headers: headersWithoutKey(headers), answer: sent }),
    };
  });
  return {
    url: server.url,
    apiKey: apiKeys[0]?.key ?? DEFAULT_API_KEY,
    get requests() {
      return life.log.requests;
    },
    get ledger() {
      return life.world.ledger;
    },
    get lateDeletions() {
      return life.world.lateDeletions;
    },
    get faults() {
      return life.script.faults;
    },
    get held() {
      return holds.size;
    },
    containers: () => countBy(life.world.store, ({ documents }) => documents.size),
    memories: () => countBy(life.world.store, ({ memories }) => memories.length),
    documents: (containerTag) => {
      const { store } = life.world;
      const listing = containerTag === undefined ? store.everything : store.containers.get(containerTag)?.documents;
      return (listing?.all() ?? []).map((slot) => store.read(slot));
    },
    seed: (more) => {
      plantSeed(life.world.store, clock, parseSeed(more));
    },
    addFault: (rule) => life.script.add(rule),
    unhitFaults: () => life.script.faults.filter(({ hits }) => hits === 0).map(({ rule }) => rule),
    switchApi: (api, state) => {
      life.apis[api] = state;
    },
    finishProcessing: (containerTag) => {
      life.world.store.finishProcessing(containerTag);
    },
    whenHeld: (count = 1, timeout = 10_000) => holds.whenHeld(count, timeout),
    release: () => {
      holds.endAll("released");
    },
    reset: () => {
      holds.endAll("gone");
      life = begin();
    },
    close: () => {
      holds.endAll("gone");
      return server.close();
    },
  };
}

function countBy({ containers }: Store, count: (container: Container) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from(containers.values(), (container) => [container.containerTag, count(container)]));
}

function beginLife(options: EmulatorOptions, clock: Clock, keys: readonly ApiKey[]): Life {
  const behaviour = behaviourOf(options);
  const store = new Store(clock);
  plantSeed(store, clock, options.seed ?? {});
  const script = new FaultScript();
  for (const rule of options.faults ?? []) script.add(rule);
  return {
    world: { store, ghosts: new Ghosts(), ledger: [], lateDeletions: [], merges: [], clock, behaviour },
    keys,
    log: new RequestLog(),
    script,
    rateLimiter: options.rateLimit === undefined ? undefined : new RateLimiter(options.rateLimit, clock),
    apis: { v3: behaviour.v3, v5: behaviour.v5 },
  };
}
