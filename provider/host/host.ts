import type { Clock } from "../client/deadline";
import { systemClock } from "../client/deadline";
import { HttpClient } from "../client/http";
import { Limiter } from "../client/limiter";
import { createTransport, type Transport, withoutDeletes } from "../client/transport";
import { createNegotiated, type VersionMemory } from "../client/negotiate";
import { createV3 } from "../client/v3";
import { createV5 } from "../client/v5";
import type { ApiVersion, SupermemoryApi } from "../client/api";
import { type Overrides, readOverrides, readSettings, type Settings } from "../config/settings";
import type { Configuration } from "../config/names";
import { type Environment, keyHint, requireKey } from "../config/keys";
import { isSet } from "../config/values";
import { Claims, claimsPath } from "./claims";
import { createEngineLog, engineAddress, type EngineLog } from "./engine-log";
import { Shutdown } from "./shutdown";
import { version } from "./version";

/** What surrounds a host; tests pass their own. */
export interface HostOptions {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

/** What all resources of one provider process share: configuration, claims, the limiter of requests, the engine's log. */
export class Host {
  readonly log: EngineLog;
  readonly claims: Claims;
  readonly shutdown: Shutdown;
  /** URNs whose last `check` came from a preview, so that `diff` counts and announces. */
  readonly previewed = new Set<string>();
  /** What the policies of a preview would purge, by their URNs: a resource that manages one of these came too late. */
  readonly previewedPlans = new Map<string, readonly string[]>();
  #configuration: Configuration = {};
  /** What `auto` decided last in this process. */
  readonly #versionMemory: VersionMemory = { version: "v3" };
  #connection: { readonly limiter: Limiter; readonly transport: Transport } | undefined;

  constructor(readonly surroundings: HostOptions) {
    const address = engineAddress(surroundings.argv);
    this.log = createEngineLog(address, surroundings.print, surroundings.clock);
    this.claims = new Claims(claimsPath(address));
    this.shutdown = new Shutdown();
  }

  /** The host of a real provider process. It ends with SIGINT at once when nothing runs. */
  static forProcess(): Host {
    const host = new Host({
      argv: process.argv,
      env: process.env,
      cwd: process.cwd(),
      clock: systemClock,
      print: printLine,
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

  /** @throws ConfigError, each time until the configuration is mended */
  settings(): Settings {
    return readSettings(this.#configuration, this.surroundings.env);
  }

  /** Whether receipts are asked for, be the rest of the configuration usable or not. */
  get wantsReceipts(): boolean {
    return isSet(this.surroundings.env["SUPERMEMORY_RECEIPTS"]) || isSet(this.#configuration.receipts);
  }

  /** @throws ConfigError */
  overrides(): Overrides {
    return readOverrides(this.surroundings.env);
  }

  /** The URN of the live resource of this command that claims a tag, if any. @throws ConfigError */
  readonly claimedBy = (containerTag: string): string | undefined =>
    this.claims.claimedBy(containerTag, this.settings().baseUrl);

  /** The API version that a session begins with. */
  apiVersion({ apiVersion }: Settings): ApiVersion {
    return apiVersion === "auto" ? this.#versionMemory.version : apiVersion;
  }

  /** The API that can delete, unless SUPERMEMORY_PURGE=skip. @throws ConfigError without a key */
  api(settings: Settings): SupermemoryApi {
    return this.#open(settings, this.overrides().skip ? withoutDeletes : (transport) => transport);
  }

  /** The API behind a transport that cannot send a deleting request. @throws ConfigError without a key */
  reader(settings: Settings): SupermemoryApi {
    return this.#open(settings, withoutDeletes);
  }

  async close(): Promise<void> {
    await this.#connection?.transport.close();
    this.claims.close();
  }

  #open(settings: Settings, wrap: (transport: Transport) => Transport): SupermemoryApi {
    const apiKey = requireKey(settings);
    this.#connection ??= {
      limiter: new Limiter(settings.concurrency),
      transport: createTransport(settings.concurrency),
    };
    const { limiter, transport } = this.#connection;
    const userAgent = `pulumi-supermemory/${version}`;
    const http = new HttpClient({
      baseUrl: settings.baseUrl,
      apiKey,
      keyHint: keyHint(settings.instance),
      userAgent,
      limiter,
      transport: wrap(transport),
    });
    switch (settings.apiVersion) {
      case "auto":
        return createNegotiated(createV3(http), createV5(http), this.#versionMemory);
      case "v3":
        return createV3(http);
      case "v5":
        return createV5(http);
    }
  }
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
