import { type ApiEnd, type ApiState, type ApiVersion, apiVersionOf, switchedOff } from "./api/api-version";
import type { EffectLimits, World } from "./api/call";
import type { RateLimiter } from "./api/rate-limit";
import { removeAsAnotherClient } from "./api/removal";
import { applyFault } from "./faults/apply";
import { reachOf } from "./faults/reach";
import type { Fault } from "./faults/rules";
import type { LateTagging } from "./ledger";
import type { FaultScript } from "./faults/script";
import { brokenBody, parsedBody } from "./http/body";
import type { HeldResponses } from "./http/held-responses";
import { type ApiKey, authenticate, keyIdOf, keyIn } from "./http/keys";
import { bodyHeadersIn, type RecordedRequest, type RequestLog } from "./http/request-log";
import { HttpProblem, type HttpResponse, problem } from "./http/response";
import { findRoute, type RouteMatch, tagsNamed } from "./http/router";
import type { Arrival } from "./http/server";
import type { StoredDocument } from "./store/documents";
import { DEFAULT_CONTAINER_TAG } from "./v3/add";
import { V3_ROUTES } from "./v3/routes";
import { V5_ROUTES } from "./v5/routes";

const ROUTES = [...V3_ROUTES, ...V5_ROUTES];

/** The state of the emulator since the start or the last reset. */
export interface EmulatorState {
  readonly world: World;
  readonly keys: readonly ApiKey[];
  readonly log: RequestLog;
  readonly script: FaultScript;
  readonly rateLimiter: RateLimiter | undefined;
  readonly apis: Record<ApiVersion, ApiState>;
  /** API versions that are off until a time. */
  readonly outages: Map<ApiVersion, { readonly as: ApiEnd; readonly until: number }>;
}

/** A response with its entry in the log. */
export interface Reply {
  readonly response: HttpResponse;
  readonly request: RecordedRequest;
  readonly fault: Fault | null;
}

/** Handles a request: finds the route, logs the request, applies a fault if one is due, authenticates, and makes the request take effect. */
export async function handleRequest(state: EmulatorState, held: HeldResponses, arrival: Arrival): Promise<Reply> {
  const { method, path, headers } = arrival;
  const found = findRoute(ROUTES, method, path);
  const match = "route" in found ? found : undefined;
  const body = parsedBody(arrival.body, headers["content-type"]);
  const sentKey = keyIn(headers);
  const containerTags = tagsNamed(match?.params ?? {}, body.value);
  const api = apiVersionOf(path);
  const target = { method, path, route: match?.route.name ?? null, api, containerTags };
  const keyId = sentKey === undefined ? null : keyIdOf(sentKey);
  const { sequence, entry, ended } = state.log.arrived({
    ...target,
    query: Object.fromEntries(arrival.query),
    hasQuery: arrival.hasQuery,
    body: body.value,
    bodyBytes: arrival.body.length,
    bodyHeaders: bodyHeadersIn(headers),
    keyId,
    mutating: match?.route.mutating ?? (method === "PATCH" || method === "DELETE"),
  });

  const reply = (response: HttpResponse, fault: Fault | null = null): Reply => {
    ended({ status: response.kind === "reset" ? null : response.status });
    return { response, request: entry, fault };
  };

  const apiState = api === null ? "on" : stateOf(api, state);
  if (apiState !== "on") return reply(switchedOff(apiState));

  const refusal = keyId === null ? undefined : state.rateLimiter?.refusal(keyId);
  if (refusal !== undefined) return reply(refusal);

  const effect = (limits: EffectLimits = {}): HttpResponse => {
    try {
      const key = authenticate(state.keys, sentKey);
      if (match === undefined) return unknownRoute(found, method, path);
      const { route, params } = match;
      if (body.kind === "broken" && route.ignoresBody !== true) return brokenBody();
      const { query } = arrival;
      const call = { sequence, route: route.name, params, query, body: body.value, key, world: state.world, limits };
      return route.handle(call);
    } catch (error) {
      if (error instanceof HttpProblem) return error.response;
      throw error;
    }
  };

  const reach = reachOf(state.world.store, containerTags, body.value);
  const due = state.script.next({ ...target, reach });
  if (due === undefined) return reply(effect());
  ended({ fault: due.name });
  const response = await applyFault(due, {
    effect,
    containerTag: reach.containerTag(),
    hold: (ms) => held.wait(ms, arrival.disconnected),
    writeLate: (documents, containerTag) => {
      writeAsAnotherClient(state.world, documents, containerTag);
    },
    deleteLate: (documents, containerTag, from) => {
      removeAsAnotherClient(state.world, sequence, containerTag ?? DEFAULT_CONTAINER_TAG, documents, from);
    },
    retagLate: (documents, to, move) => {
      const some = [...reach.documents()].slice(0, documents);
      retagAsAnotherClient(state.world, { request: sequence, to, isMove: move }, some);
    },
    switchOff: (as, forMs) => {
      if (api === null) return;
      if (forMs === Infinity) state.apis[api] = as;
      else state.outages.set(api, { as, until: state.world.clock.now() + forMs });
    },
  });
  return reply(response, due.fault);
}

function stateOf(api: ApiVersion, { apis, outages, world }: EmulatorState): ApiState {
  const outage = outages.get(api);
  return outage !== undefined && world.clock.now() < outage.until ? outage.as : apis[api];
}

function unknownRoute(found: RouteMatch | readonly string[], method: string, path: string): HttpResponse {
  if ("route" in found || found.length === 0) return problem(404, "Not Found", `no route ${method} ${path}`);
  return problem(405, "Method Not Allowed", `${path} supports ${[...new Set(found)].join(", ")}`, {
    allow: found.join(", "),
  });
}

function retagAsAnotherClient(
  { lateTaggings, store }: World,
  tagging: Omit<LateTagging, "documentIds">,
  documents: readonly StoredDocument[],
): void {
  const { isMove, to } = tagging;
  for (const { containerTags, id } of documents) {
    const slot = store.findId(id);
    if (slot !== undefined) store.change(slot, { containerTags: isMove ? [to] : [...containerTags, to] });
  }
  lateTaggings.push({ ...tagging, documentIds: documents.map(({ id }) => id) });
}

function writeAsAnotherClient({ store }: World, documents: number, containerTag = DEFAULT_CONTAINER_TAG): void {
  for (let count = 0; count < documents; count += 1) {
    store.add({ containerTags: [containerTag], content: "written late" });
  }
}
