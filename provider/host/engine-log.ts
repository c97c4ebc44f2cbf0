import { setImmediate, setTimeout as delay } from "node:timers/promises";
import type * as Grpc from "@grpc/grpc-js";
import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import type { Clock } from "../client/deadline";
import { type EngineSdk, loadEngineSdk } from "./sdk";
import type { Status } from "./status";
import { logPace, StatusRows, terminalPace } from "./status-rows";

/** Lines for the person who runs Pulumi, each on the row of its resource. */
export interface EngineLog {
  info(urn: string | undefined, message: string): void;
  warn(urn: string | undefined, message: string): void;
  /** A live status that the next line replaces. */
  status(urn: string | undefined, status: Status): void;
  /** Call it when the work is over, so that no status follows. */
  endStatus(urn: string | undefined): void;
  /** Whether the engine responds; always true without an engine. */
  alive(): Promise<boolean>;
  /** Waits until all lines have arrived. A line that has not arrived after five seconds is dropped. */
  flush(): Promise<void>;
}

const callTimeoutMs = 5_000;
/** Packing a line takes time, so the request that follows it is sent first. */
const lineDelayMs = 2;
/** How long a response of the engine counts as a sign of life, while its connection is open. */
const freshMs = 100;

/**
 * Logs through the engine's own Log call at `address`, the second argument of the provider process. Without an
 * address lines go to `print`, and a status is not shown.
 *
 * @param overwrites whether a terminal shows the rows, so that a status overwrites the one before
 */
export function createEngineLog(
  address: string | undefined,
  print: (line: string) => void,
  clock: Clock,
  overwrites: () => boolean = () => true,
): EngineLog {
  return address === undefined ? plainLog(print) : new GrpcEngineLog(address, clock, overwrites);
}

/** The engine's address among a provider process's arguments: host:port, or undefined when there is none. */
export function engineAddress(argv: readonly string[]): string | undefined {
  const [, , address] = argv;
  return address !== undefined && /^[\w.:[\]-]+:\d+$/.test(address) ? address : undefined;
}

function plainLog(print: (line: string) => void): EngineLog {
  return {
    info: (_urn, message) => {
      print(message);
    },
    warn: (_urn, message) => {
      print(`warning: ${message}`);
    },
    status: () => undefined,
    endStatus: () => undefined,
    alive: () => Promise.resolve(true),
    flush: () => Promise.resolve(),
  };
}

/** Severity ERROR is never sent: the CLI would say "failed" although nothing failed. */
class GrpcEngineLog implements EngineLog {
  readonly #sdk: EngineSdk;
  readonly #client: EngineClient;
  readonly #clock: Clock;
  #rows: StatusRows | undefined;
  /** Lines are sent one by one, because the row shows the line that arrived last. */
  readonly #lines: Line[] = [];
  #sending: Promise<void> | undefined;
  #request: Promise<boolean> | undefined;
  /** When the last call started that the engine responded to. */
  #respondedAt = Number.NEGATIVE_INFINITY;

  constructor(
    address: string,
    clock: Clock,
    private readonly overwrites: () => boolean,
  ) {
    this.#sdk = loadEngineSdk();
    const { grpc, service } = this.#sdk;
    this.#client = new service.EngineClient(address, grpc.credentials.createInsecure());
    this.#clock = clock;
  }

  info(urn: string | undefined, message: string): void {
    this.#rows?.replaced(urn);
    this.#send(this.#line("INFO", urn, message));
  }

  warn(urn: string | undefined, message: string): void {
    this.#rows?.replaced(urn);
    this.#send(this.#line("WARNING", urn, message));
  }

  status(urn: string | undefined, status: Status): void {
    this.#rows ??= new StatusRows(this.#clock, this.overwrites() ? terminalPace : logPace, (row, text) => {
      const request = this.#line("INFO", row, text);
      request.setEphemeral(true);
      this.#send(request);
    });
    this.#rows.status(urn, status);
  }

  endStatus(urn: string | undefined): void {
    this.#rows?.end(urn);
  }

  /**
   * An engine that responded within the last tenth of a second, over a connection that is still open, is alive. Otherwise
   * a request is sent, which concurrent callers share.
   */
  async alive(): Promise<boolean> {
    // A closed connection is read in the second turn of the event loop, and reported at its end.
    for (let turn = 1; turn <= 3; turn += 1) await setImmediate();
    const age = this.#clock.now() - this.#respondedAt;
    if (this.#isConnected && age >= 0 && age < freshMs) return true;
    this.#request ??= this.#ping().finally(() => {
      this.#request = undefined;
    });
    return await this.#request;
  }

  async flush(): Promise<void> {
    await this.#sending;
  }

  get #isConnected(): boolean {
    const state = this.#client.getChannel().getConnectivityState(false);
    return state === this.#sdk.grpc.connectivityState.READY;
  }

  async #ping(): Promise<boolean> {
    return await this.#call(withinTimeout(), (metadata, options, done) => {
      this.#client.getRootResource(new this.#sdk.messages.GetRootResourceRequest(), metadata, options, done);
    });
  }

  #line(severity: "INFO" | "WARNING", urn: string | undefined, message: string): LogRequest {
    const { LogRequest, LogSeverity } = this.#sdk.messages;
    const request = new LogRequest();
    request.setSeverity(LogSeverity[severity]);
    request.setMessage(message);
    request.setUrn(urn ?? "");
    return request;
  }

  #send(request: LogRequest): void {
    this.#lines.push({ request, options: withinTimeout() });
    this.#sending ??= this.#sendLines();
  }

  /** A line that cannot be delivered is dropped, because a purge must not fail for it. */
  async #sendLines(): Promise<void> {
    await delay(lineDelayMs);
    for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) {
      const { options, request } = line;
      await this.#call(options, (metadata, within, done) => {
        this.#client.log(request, metadata, within, done);
      });
    }
    this.#sending = undefined;
  }

  /** Whether the engine responded. */
  async #call(
    options: CallOptions,
    start: (metadata: Grpc.Metadata, options: CallOptions, done: (error: unknown) => void) => void,
  ): Promise<boolean> {
    const startedAt = this.#clock.now();
    const responded = await new Promise<boolean>((resolve) => {
      start(new this.#sdk.grpc.Metadata(), options, (error) => {
        resolve(error === null);
      });
    });
    if (responded) this.#respondedAt = startedAt;
    return responded;
  }
}

interface CallOptions {
  readonly deadline: number;
}

interface Line {
  readonly request: LogRequest;
  readonly options: CallOptions;
}

function withinTimeout(): CallOptions {
  return { deadline: Date.now() + callTimeoutMs };
}
