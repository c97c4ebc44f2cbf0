import type { SupermemoryApi } from "../../../provider/client/api";
import { HttpClient } from "../../../provider/client/http";
import { Limiter } from "../../../provider/client/limiter";
import { createTransport } from "../../../provider/client/transport";
import { createV3 } from "../../../provider/client/v3";

export interface Connection {
  readonly api: SupermemoryApi;
  readonly limiter: Limiter;
  readonly close: () => Promise<void>;
}

interface ConnectOptions {
  readonly apiKey?: string;
  readonly concurrency?: number | undefined;
  /** Default: every backoff is half of its bound. */
  readonly random?: (() => number) | undefined;
}

/** The real client at an address. */
export function connect(baseUrl: string, options: ConnectOptions = {}): Connection {
  const { apiKey = secretKey, concurrency = 8, random = () => 0.5 } = options;
  const limiter = new Limiter(concurrency);
  const transport = createTransport(concurrency);
  const http = new HttpClient({ baseUrl, apiKey, userAgent: "pulumi-supermemory/test", limiter, transport, random });
  return { api: createV3(http), limiter, close: () => transport.close() };
}

/** A key that no message may show. */
export const secretKey = "sm_secret_0123456789abcdef";
