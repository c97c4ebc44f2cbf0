import type { EffectLimits, World } from "./api/call";
import { type Api, apiOf, type ApiState, switchedOff } from "./api/generation";
import type { RateLimiter } from "./api/rate-limit";
import { removeAsSomebodyElse } from "./api/removal";
import { applyFault } from "./faults/apply";
import { reachOf } from "./faults/reach";
import type { Fault } from "./faults/rules";
import type { FaultScript } from "./faults/script";
import { brokenBody, parsedBody } from "./http/body";
import { type Answer, HttpProblem, problem } from "./http/answer";
import { type ApiKey, authenticate, keyIdOf, keyIn } from "./http/keys";
import type { Holds } from "./http/holds";
import { bodyHeadersIn, type RecordedRequest, type RequestLog } from "./http/request-log";
import { findRoute, type RouteMatch, tagsNamed } from "./http/router";
import type { Arrival } from "./http/server";
import { DEFAULT_CONTAINER_TAG } from "./v3/add";
import { V3_ROUTES } from "./v3/routes";
import { V5_ROUTES } from "./v5/routes";

const ROUTES = [...V3_ROUTES, ...V5_ROUTES];

/** What one life of the emulator, from a reset to the next, consists of. */
export interface Life {
  readonly world: World;
  readonly keys: readonly ApiKey[];
  readonly log: RequestLog;
  readonly script: FaultScript;
  readonly rateLimiter: RateLimiter | undefined;
  /** Which generations of the API are there now. */
  readonly apis: Record<Api, ApiState>;
}

/** An answer, and what was noted about it. */
export interface Reply {
  readonly answer: Answer;
  readonly request: RecordedRequest;
  readonly fault: Fault | null;
}

/** Answers a request: log, find the route, count it, look for a fault, authenticate, take effect. */
export async function answerRequest(life: Life, holds: Holds, arrival: Arrival): Promise<Reply> {
  const { method, path, headers } = arrival;
  const found = findRoute(ROUTES, method, path);
  const match = "route" in found ? found : undefined;
  const body = parsedBody(arrival.body, headers["content-type"]);
  const sentKey = keyIn(headers);
  const containerTags = tagsNamed(match?.params ?? {}, body.value);
  const api = apiOf(path);
  const target = { method, path, route: match?.route.name ?? null, api, containerTags };
  const keyId = sentKey === undefined ? null : keyIdOf(sentKey);
  const { sequence, entry, ended } = life.log.arrived({
    ...target,
    query: Object.fromEntries(arrival.query),
    hasQuery: arrival.hasQuery,
    body: body.value,
    bodyBytes: arrival.body.length,
    bodyHeaders: bodyHeadersIn(headers),
    keyId,
    mutating: match?.route.mutating ?? (method === "PATCH" || method === "DELETE"),
  });

  const reply = (answer: Answer, fault: Fault | null = null): Reply => {
    ended({ status: answer.kind === "reset" ? null : answer.status });
    return { answer, request: entry, fault };
  };

  const state = api === null ? "on" : life.apis[api];
  if (state !== "on") return reply(switchedOff(state));

  const refusal = keyId === null ? undefined : life.rateLimiter?.refusal(keyId);
  if (refusal !== undefined) return reply(refusal);

  const effect = (limits: EffectLimits = {}): Answer => {
    try {
      const key = authenticate(life.keys, sentKey);
      if (match === undefined) return unknownRoute(found, method, path);
      const { route, params } = match;
      if (body.kind === "broken" && route.ignoresBody !== true) return brokenBody();
      const { query } = arrival;
      const call = { sequence, route: route.name, params, query, body: body.value, key, world: life.world, limits };
      return route.handle(call);
    } catch (error) {
      if (error instanceof HttpProblem) return error.answer;
      throw error;
    }
  };

  const reach = reachOf(life.world.store, containerTags, body.value);
  const due = life.script.next({ ...target, reach });
  if (due !== undefined) ended({ fault: due.name });
  const answer =
    due === undefined
      ? effect()
      : await applyFault(due, {
          effect,
          containerTag: reach.containerTag(),
          hold: (ms) => holds.wait(ms, arrival.gone),
          writeLate: (documents, containerTag) => {
            writeLate(life.world, documents, containerTag);
          },
          deleteLate: (documents, containerTag, from) => {
            removeAsSomebodyElse(life.world, sequence, containerTag ?? DEFAULT_CONTAINER_TAG, documents, from);
          },
          switchOff: (as) => {
            if (api !== null) life.apis[api] = as;
          },
        });
  return reply(answer, due?.fault);
}

function unknownRoute(found: RouteMatch | readonly string[], method: string, path: string): Answer {
  if ("route" in found || found.length === 0) return problem(404, "Not Found", `no route ${method} ${path}`);
  return problem(405, "Method Not Allowed", `${path} has ${[...new Set(found)].join(", ")}`, {
    allow: found.join(", "),
  });
}

function writeLate({ store }: World, documents: number, containerTag = DEFAULT_CONTAINER_TAG): void {
  for (let count = 0; count < documents; count += 1) {
    store.add({ containerTags: [containerTag], content: "written late" });
  }
}
