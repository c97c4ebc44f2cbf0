import type { LookupFunction } from "node:net";
import type { ApiVersion, SupermemoryApi } from "../../../provider/client/api";
import { HttpClient } from "../../../provider/client/http";
import { customHeaderSecrets, customHeadersIn } from "../../../provider/config/custom-headers";
import { keyHint } from "../../../provider/config/keys";
import type { FilterMemory } from "../../../provider/client/list-filter";
import { Limiter } from "../../../provider/client/limiter";
import { createTransport, type Transport } from "../../../provider/client/transport";
import { createNegotiated, newMemory, type VersionMemory } from "../../../provider/client/negotiate";
import { createV3 } from "../../../provider/client/v3";
import { createV5 } from "../../../provider/client/v5";

export interface ConnectOptions {
  readonly apiKey?: string;
  /** Default v3. */
  readonly apiVersion?: "auto" | "v3" | "v5" | undefined;
  /** What an `auto` session knows before its first request. Default: nothing. */
  readonly recorded?: ApiVersion | null | undefined;
  readonly hurried?: boolean | undefined;
  readonly memory?: VersionMemory | undefined;
  readonly concurrency?: number | undefined;
  /** Default: every backoff is half of its bound. */
  readonly random?: (() => number) | undefined;
  /** Default: a new one. */
  readonly filterMemory?: FilterMemory;
  /** How names are resolved. Default: as in production. */
  readonly lookup?: LookupFunction | undefined;
  /** The variables that set a proxy or custom headers. Default: none. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly watch?: (transport: Transport) => Transport;
}

export function connect(baseUrl: string, options: ConnectOptions = {}) {
  const {
    apiKey = secretKey,
    apiVersion = "v3",
    concurrency = 8,
    env,
    filterMemory,
    hurried = false,
    lookup,
    memory = newMemory(),
    recorded = null,
    random = () => 0.5,
    watch = (it: Transport) => it,
  } = options;
  const limiter = new Limiter(concurrency);
  const transport = watch(createTransport(concurrency, lookup, env));
  const custom = { customHeaders: customHeadersIn(env ?? {}), secrets: customHeaderSecrets(env ?? {}) };
  const settings = { baseUrl, apiKey, userAgent: "pulumi-supermemory/test", keyHint: keyHint(undefined), ...custom };
  const http = new HttpClient({ ...settings, limiter, responded: new Set(), transport, random });
  const [v3, v5] = [createV3(http, filterMemory), createV5(http, filterMemory)];
  const auto = createNegotiated(v3, v5, memory, { recorded, hurried });
  const api: SupermemoryApi = { auto, v3, v5 }[apiVersion];
  return { api, v3, v5, limiter, close: () => transport.close() };
}

export const secretKey = "sm_secret_0123456789abcdef";
