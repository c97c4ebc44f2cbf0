import type { SupermemoryApi } from "../../provider/client/api";
import { createNegotiated, type VersionMemory } from "../../provider/client/negotiate";
import { HttpClient } from "../../provider/client/http";
import { Limiter } from "../../provider/client/limiter";
import type { HttpRequest, HttpResponse } from "../../provider/client/exchange";
import { createTransport, type Transport } from "../../provider/client/transport";
import { createV3 } from "../../provider/client/v3";
import { createV5 } from "../../provider/client/v5";
import type { WaitingClock } from "../provider/support/clocks";
import type { Case } from "./case";

/** One request as the client sent it. The response is undefined when it was not received completely. */
export interface Exchange {
  readonly request: Pick<HttpRequest, "method" | "url" | "body">;
  readonly response: HttpResponse | undefined;
  readonly sentAt: number;
}

/** No purge sends more requests. */
const maxRequests = 2_000;

type Settings = Pick<Case, "apiVersion" | "concurrency" | "latencyMs" | "slowConnect">;

/** Which purge of the process a client is for. */
interface ClientOptions {
  readonly apiKey: string;
  readonly recorded: Case["recorded"];
  /** What `auto` found out for the key. */
  readonly memory: VersionMemory;
}

interface Client {
  readonly api: SupermemoryApi;
  readonly exchanges: readonly Exchange[];
}

/**
 * The real client over HTTP, with a record of its exchanges. As in a provider process, its purges share connections and
 * the limiter.
 *
 * @param onSlowConnect called when the connection begins that is never made
 */
export function connect(
  baseUrl: string,
  { apiVersion, concurrency, latencyMs, slowConnect }: Settings,
  clock: WaitingClock,
  onSlowConnect: () => void,
): { readonly client: (options: ClientOptions) => Client; readonly close: () => Promise<void> } {
  let lookups = 0;
  const wire = createTransport(concurrency, (_host, options, callback) => {
    lookups += 1;
    if (lookups === slowConnect?.nth) onSlowConnect();
    else if (options.all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
    else callback(null, "127.0.0.1", 4);
  });
  const limiter = new Limiter(concurrency);
  const responded = new Set<string>();
  const client = ({ apiKey, memory, recorded }: ClientOptions): Client => {
    const exchanges: Exchange[] = [];
    const transport: Transport = {
      send: async (request) => {
        if (exchanges.length >= maxRequests) throw new Error("the purge does not end");
        if (latencyMs > 0) await clock.sleep(latencyMs, request.signal);
        let response: HttpResponse | undefined;
        const sentAt = clock.now();
        try {
          response = await clock.standStill(async () => await wire.send(request));
          return response;
        } finally {
          exchanges.push({ request, response, sentAt });
        }
      },
      close: () => wire.close(),
    };
    const http = new HttpClient({
      ...{ baseUrl, apiKey, userAgent: "pulumi-supermemory/chaos", transport, random: () => 0.5, limiter },
      responded,
    });
    const [v3, v5] = [createV3(http), createV5(http)];
    const api = { auto: createNegotiated(v3, v5, memory, { recorded, hurried: false }), v3, v5 }[apiVersion];
    return { api, exchanges };
  };
  return { client, close: () => wire.close() };
}
