import { ApiError, type ApiFailure } from "../../../provider/errors";
import {
  type Decision,
  decideVersion,
  type Observation,
  type ReadRoute,
  type Remembered,
  responseKindOf,
} from "../../../provider/client/version-decision";

type Look = readonly [ApiVersionRoute: "v3" | "v3 containers" | "v5", at: number, response: Observation["response"]];

const ended = (second: number): Look[] => [
  ["v3", second, "ended"],
  ["v3 containers", second, "ended"],
];
const v5: Look = ["v5", 1, "documented"];
const [askV3, askContainers, askV5] = [ask("v3", "documents"), ask("v3", "containers"), ask("v5", "documents")];

/** Seconds after the first look; the read that has to be sent is a list of documents. */
test.each<[what: string, recorded: Remembered["recorded"] | "hurried", now: number, looks: readonly Look[], Decision]>([
  ["nothing is known", null, 0, [], askV3],
  ["v3 responds", null, 0, [["v3", 0, "documented"]], { use: "v3" }],
  ["one route of v3 fails", null, 0, [["v3", 0, "ended"]], askContainers],
  [
    "one route of v3 fails, the other responds",
    null,
    0,
    [
      ["v3", 0, "ended"],
      ["v3 containers", 0, "documented"],
    ],
    { use: "v3" },
  ],
  ["both routes of v3 fail", null, 0, ended(0), askV5],
  ["v3 fails and v5 responds", null, 1, [...ended(0), v5], { waitMs: 1_000 }],
  ["v3 fails for 2 s", null, 2, [...ended(0), v5], askV3],
  ["v3 fails again on one route", null, 2, [...ended(0), v5, ["v3", 2, "ended"]], askContainers],
  ["v3 fails again on both routes", null, 2, [...ended(0), v5, ...ended(2)], { use: "v5" }],
  ["v3 responds again", null, 2, [...ended(0), v5, ["v3", 2, "documented"]], { use: "v3" }],
  ["v3 fails and v5 does too", null, 0, [...ended(0), ["v5", 0, "ended"]], "undecided"],
  ["state of v3 meets the end of v3", "v3", 2, [...ended(0), v5, ...ended(2)], { waitMs: 18_000 }],
  ["state of v3 meets it for 19.999 s", "v3", 20, [...ended(0), v5, ...ended(19.999)], askV3],
  ["state of v3 meets it for 20 s", "v3", 20, [...ended(0), v5, ...ended(20)], { use: "v5" }],
  [
    "the second route failed later",
    "v3",
    20,
    [["v3", 0, "ended"], ["v3 containers", 9, "ended"], v5],
    { waitMs: 9_000 },
  ],
  ["state of v5", "v5", 0, [], askV5],
  ["state of v5, and v5 responds", "v5", 0, [v5], { use: "v5" }],
  ["state of v5, and v5 fails", "v5", 0, [["v5", 0, "ended"]], askV3],
  [
    "state of v5, and only v3 responds",
    "v5",
    0,
    [
      ["v5", 0, "ended"],
      ["v3", 0, "documented"],
    ],
    { use: "v3" },
  ],
  ["a look at the end of v3 does not wait", "hurried", 0, [...ended(0), v5], { use: "v5" }],
  ["a look needs both routes too", "hurried", 0, [["v3", 0, "ended"]], askContainers],
  [
    "the key is refused on one route",
    null,
    0,
    [
      ["v3", 0, "key"],
      ["v3 containers", 0, "ended"],
    ],
    "undecided",
  ],
  [
    "the key is refused on the other route",
    null,
    0,
    [
      ["v3", 0, "ended"],
      ["v3 containers", 0, "key"],
    ],
    "undecided",
  ],
  [
    "the key is refused on both routes",
    null,
    0,
    [
      ["v3", 0, "key"],
      ["v3 containers", 0, "key"],
    ],
    askV5,
  ],
  [
    "the key is refused on both, and on v5",
    null,
    0,
    [
      ["v3", 0, "key"],
      ["v3 containers", 0, "key"],
      ["v5", 0, "key"],
    ],
    "undecided",
  ],
  [
    "the key is refused at first only",
    null,
    2,
    [["v3", 0, "key"], ["v3 containers", 0, "key"], v5, ["v3", 2, "ended"]],
    "undecided",
  ],
  [
    "the key is refused again",
    null,
    2,
    (["v3", "v3 containers"] as const).flatMap((route): Look[] => [[route, 0, "key"], v5, [route, 2, "key"]]),
    { use: "v5" },
  ],
  ["a server error lasts on one route", null, 10, [["v3", 10, "server"]], askContainers],
  [
    "server errors last on both routes",
    null,
    20,
    [
      ["v3", 10, "server"],
      ["v3 containers", 20, "server"],
    ],
    askV5,
  ],
  [
    "server errors turn into refusals",
    null,
    22,
    [["v3", 10, "server"], ["v3 containers", 20, "server"], v5, ...ended(22)],
    { use: "v5" },
  ],
  ["v3 cannot be reached", null, 0, [["v3", 0, "other"]], "undecided"],
])("%s (state of %s, after %d s)", (_what, recorded, now, looks, decision) => {
  const remembered = recorded === "hurried" ? { recorded: "v3" as const, hurried: true } : { recorded, hurried: false };
  expect(decideVersion(remembered, "documents", looks.map(observation), now * 1_000)).toEqual(decision);
});

test("the routes of v3 change places for a read of containers", () => {
  const remembered = { recorded: null, hurried: false };
  expect(decideVersion(remembered, "containers", [], 0)).toEqual(ask("v3", "containers"));
  const failed = observation(["v3 containers", 0, "ended"]);
  expect(decideVersion(remembered, "containers", [failed], 0)).toEqual(ask("v3", "documents"));
});

test.each<[ApiFailure, apiMessage: string | undefined, Observation["response"]]>([
  [{ kind: "rejected", status: 400 }, "Bad Request", "ended"],
  [{ kind: "unauthorized", status: 401 }, undefined, "ended"],
  [{ kind: "unauthorized", status: 401 }, "Unauthorized", "key"],
  [{ kind: "forbidden", status: 403 }, undefined, "ended"],
  [{ kind: "forbidden", status: 403 }, "Forbidden", "key"],
  [{ kind: "missing", status: 404 }, "Not Found", "ended"],
  [{ kind: "rejected", status: 405 }, undefined, "ended"],
  [{ kind: "gone", status: 410 }, undefined, "ended"],
  [{ kind: "rejected", status: 426 }, undefined, "ended"],
  [{ kind: "rejected", status: 451 }, undefined, "ended"],
  [{ kind: "redirect", status: 301 }, undefined, "ended"],
  [{ kind: "server", status: 501 }, undefined, "server"],
  [{ kind: "server", status: 503 }, undefined, "server"],
  [{ kind: "unreadable", foreign: true }, undefined, "ended"],
  [{ kind: "unreadable" }, undefined, "other"],
  [{ kind: "limited", status: 429 }, undefined, "other"],
  [{ kind: "conflict", status: 409 }, undefined, "other"],
  [{ kind: "unreachable" }, undefined, "other"],
  [{ kind: "no-response" }, undefined, "other"],
  [{ kind: "interrupted-response" }, undefined, "other"],
])("%j with the message %s counts as %s", (failure, apiMessage, kind) => {
  expect(responseKindOf(new ApiError(failure, "failed", [], [], apiMessage))).toBe(kind);
});

function observation([where, second, response]: Look): Observation {
  const [version, route] =
    where === "v3 containers" ? (["v3", "containers"] as const) : ([where, "documents"] as const);
  return { version, route, at: second * 1_000, response };
}

function ask(version: "v3" | "v5", route: ReadRoute): Decision {
  return { ask: version, route };
}
