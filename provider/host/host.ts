import type { Clock } from "../client/deadline";
import { systemClock } from "../client/deadline";
import { HttpClient } from "../client/http";
import { FilterMemory } from "../client/list-filter";
import { Limiter } from "../client/limiter";
import { createTransport, type Transport, withoutDeletes } from "../client/transport";
import { createNegotiated, newMemory, type VersionMemory } from "../client/negotiate";
import { createV3 } from "../client/v3";
import { createV5 } from "../client/v5";
import type { ApiVersion, SupermemoryApi } from "../client/api";
import { type Overrides, readOverrides, readSettings, secretsIn, type Settings } from "../config/settings";
import { customHeaderSecrets } from "../config/custom-headers";
import type { Configuration } from "../config/names";
import { type Environment, keyHint, keyIdIn, requireKey } from "../config/keys";
import { isSet, text } from "../config/values";
import { keyFinder } from "../util/redact";
import type { CheckFailure } from "./handler";
import { Claims } from "./claims";
import { claimsPath } from "./claims-file";
import { createEngineLog, engineAddress, type EngineLog } from "./engine-log";
import { Losses } from "../purge/losses";
import type { PurgeSession } from "../purge/types";
import type { Terms } from "./job";
import { runSession, type SessionOptions } from "./session";
import { Shutdown } from "./shutdown";
import { hasTerminal } from "./terminal";
import { version } from "./version";

/** What a host takes from its process; tests pass their own. */
export interface HostOptions {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly print: (line: string) => void;
  /** Whether a terminal shows the engine's rows. Default true. */
  readonly hasTerminal?: () => boolean;
}

/** What a policy, or a resource whose tags were removed, would purge. */
export interface PreviewedPlan {
  readonly containerTags: readonly string[];
  /** What to do if another resource claims one of them later. */
  readonly wayOut: (containerTag: string) => string;
}

/** What all resources of one provider process share: configuration, claims, the request limiter, the engine's log. */
export class Host {
  readonly log: EngineLog;
  readonly claims: Claims;
  readonly shutdown: Shutdown;
  /** Purges of a preview that a claim would stop, by the URN of the resource. */
  readonly previewedPlans = new Map<string, PreviewedPlan>();
  #configuration: Configuration = {};
  /** What `auto` found out in this process, by address and key: another server may have other versions. */
  readonly #versions = new Map<string, VersionMemory>();
  readonly #filterMemory = new FilterMemory();
  /** Addresses and keys with a response that shows that the API accepts the key, or for which this was asked. */
  readonly #knownKeys = new Set<string>();
  readonly #responded = new Set<string>();
  /** By address, whatever the key: two keys may be of one organization. */
  readonly #losses = new Map<string, Losses>();
  #connection: { readonly limiter: Limiter; readonly transport: Transport } | undefined;

  constructor(readonly options: HostOptions) {
    const address = engineAddress(options.argv);
    this.log = createEngineLog(address, options.print, options.clock, options.hasTerminal);
    this.claims = new Claims(claimsPath(address));
    this.shutdown = new Shutdown();
  }

  /** The host of a real provider process. SIGINT ends it immediately when nothing runs. */
  static forProcess(): Host {
    const host = new Host({
      argv: process.argv,
      env: process.env,
      cwd: process.cwd(),
      clock: systemClock,
      print: printLine,
      hasTerminal: () => hasTerminal(process.env),
    });
    host.shutdown.listen(process);
    process.on("exit", () => {
      host.claims.close();
    });
    return host;
  }

  configure(configuration: Configuration): void {
    this.#configuration = configuration;
  }

  /** @throws ConfigError as long as the configuration is not valid */
  settings(): Settings {
    return readSettings(this.#configuration, this.options.env);
  }

  /**
   * Why these tags or globs are refused if one contains a key: the state and messages contain tags. The engine would print
   * the value of the property, so the failure names none.
   */
  refuseKeyIn(property: string, values: unknown): CheckFailure | undefined {
    const { apiKey } = this.#configuration;
    const containsKey = keyFinder([apiKey, ...secretsIn(this.options.env)].flatMap((key) => text(key) ?? []));
    const all: readonly unknown[] = Array.isArray(values) ? values : [];
    if (!all.some((value) => typeof value === "string" && containsKey(value))) return undefined;
    const wayOut = "check which value the program uses, and replace the key if it was stored";
    return {
      property: "",
      reason: `${property} contains the API key or a custom header; nothing was deleted\n${wayOut}`,
    };
  }

  /** Whether receipts are configured; works also when the rest of the configuration is not valid. */
  get wantsReceipts(): boolean {
    return isSet(this.options.env["SUPERMEMORY_RECEIPTS"]) || isSet(this.#configuration.receipts);
  }

  /** @throws ConfigError */
  overrides(): Overrides {
    return readOverrides(this.options.env);
  }

  /** The URN of the live resource of this command that claims a tag, if any. @throws ConfigError */
  readonly claimedBy = (containerTag: string): string | undefined =>
    this.claims.claimedBy(containerTag, this.settings().baseUrl);

  /** The name of the explicit provider instance, also if the rest of the configuration is not valid. */
  get instance(): string | undefined {
    return text(this.#configuration.instance);
  }

  /** Whether nothing has shown yet that the API accepts the key. True once per process, address and key. */
  shouldCheckKey(settings: Settings): boolean {
    const name = identityOf(settings);
    if (this.#knownKeys.has(name)) return false;
    this.#knownKeys.add(name);
    return true;
  }

  /** The API version of the last operation. */
  apiVersion(settings: Settings): ApiVersion {
    return settings.apiVersion === "auto" ? this.#memoryOf(settings).version : settings.apiVersion;
  }

  /** The settings and overrides of this command. @throws ConfigError */
  terms(): Terms {
    return { settings: this.settings(), overrides: this.overrides() };
  }

  /**
   * Runs something that talks to the API. Only mode `purge` can send a deleting request, and not with
   * SUPERMEMORY_PURGE=skip.
   *
   * @throws ConfigError without a key
   */
  async session<T>(options: SessionOptions, work: (session: PurgeSession) => Promise<T>): Promise<T> {
    const mayDelete = options.mode === "purge" && !this.overrides().skip;
    const api = this.#open(options, mayDelete ? (transport) => transport : withoutDeletes);
    const { log, shutdown } = this;
    const losses = this.#lossesAt(options.settings.baseUrl);
    return await runSession({ api, clock: this.options.clock, log, losses, stop: shutdown.signal }, options, work);
  }

  async close(): Promise<void> {
    await this.#connection?.transport.close();
    this.claims.close();
  }

  #lossesAt(baseUrl: string): Losses {
    const known = this.#losses.get(baseUrl) ?? new Losses();
    this.#losses.set(baseUrl, known);
    return known;
  }

  #memoryOf(settings: Settings): VersionMemory {
    const name = identityOf(settings);
    const known = this.#versions.get(name) ?? newMemory();
    this.#versions.set(name, known);
    return known;
  }

  /** Notes a key that the API accepts. */
  #noting(settings: Settings, transport: Transport): Transport {
    return {
      ...transport,
      send: async (request) => {
        const response = await transport.send(request);
        if (response.status >= 200 && response.status < 300) this.#knownKeys.add(identityOf(settings));
        return response;
      },
    };
  }

  #open({ mode, recorded, settings }: SessionOptions, wrap: (transport: Transport) => Transport): SupermemoryApi {
    const apiKey = requireKey(settings);
    this.#connection ??= {
      limiter: new Limiter(settings.concurrency),
      transport: createTransport(settings.concurrency, undefined, this.options.env),
    };
    const { limiter, transport } = this.#connection;
    const userAgent = `pulumi-supermemory/${version}`;
    const http = new HttpClient({
      baseUrl: settings.baseUrl,
      apiKey,
      keyHint: keyHint(settings.instance),
      customHeaders: settings.customHeaders,
      secrets: customHeaderSecrets(this.options.env),
      userAgent,
      limiter,
      responded: this.#responded,
      transport: wrap(this.#noting(settings, transport)),
    });
    const [v3, v5] = [createV3(http, this.#filterMemory), createV5(http, this.#filterMemory)];
    switch (settings.apiVersion) {
      case "auto":
        return createNegotiated(v3, v5, this.#memoryOf(settings), {
          recorded: recorded === "v3" || recorded === "v5" ? recorded : null,
          hurried: mode === "look",
        });
      case "v3":
        return v3;
      case "v5":
        return v5;
    }
  }
}

/** The address and the key. */
function identityOf(settings: Settings): string {
  return JSON.stringify([settings.baseUrl, keyIdIn(settings)]);
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
