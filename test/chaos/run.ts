import type { Emulator, StoredDocument } from "../../emulator/index";
import { keyIdOf } from "../../emulator/http/keys";
import { Deadline } from "../../provider/client/deadline";
import { newMemory, type VersionMemory } from "../../provider/client/negotiate";
import { defaultRetryPolicy } from "../../provider/client/retry";
import { StoppedError } from "../../provider/errors";
import { Losses } from "../../provider/purge/losses";
import { purge } from "../../provider/purge/purge";
import type { PurgeOutcome, PurgeRequest } from "../../provider/purge/types";
import { within } from "../engine/embedded/program/waits";
import { WaitingClock } from "../provider/support/clocks";
import type { Case } from "./case";
import { withClaims } from "./claims";
import { connect, type Exchange } from "./connect";
import { seedOf } from "./seed";
import { canaries } from "./words";
import { openEmulator } from "../wire/emulator";

/** The result of one purge of a case: what it reported, and what the server recorded. */
export interface Evidence {
  /** The case, with what the resource of this purge asks for. */
  readonly asked: Case;
  readonly apiKey: string;
  readonly maxDeletions: number;
  readonly timeoutMs: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** When this purge began, and after both. */
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** With the requests of this purge, and what they deleted. */
  readonly emulator: Pick<Emulator, "requests" | "ledger" | "lateDeletions" | "lateTaggings" | "faults">;
  readonly exchanges: readonly Exchange[];
  readonly mutatingAttempts: number;
  readonly sentAfterStop: number;
  /** A connection was never made. */
  readonly isStalled: boolean;
  readonly planned: number | undefined;
  readonly statuses: readonly string[];
  readonly outcome: PurgeOutcome | undefined;
  readonly error: unknown;
  /** The other purge of the process. */
  readonly beside: Evidence | undefined;
}

export interface Snapshot {
  readonly documents: readonly StoredDocument[];
  readonly containers: Readonly<Record<string, number>>;
  readonly memories: Readonly<Record<string, number>>;
}

/** A run that takes longer has come to a standstill. */
const standstillMs = 60_000;
/** A connection that is never made holds nothing back. undici alone would wait for it for 10 s. */
const slowConnectMs = 9_000;

/** Runs the purges of a case. A resource without tags to purge runs none. */
export async function run(given: Case): Promise<readonly Evidence[]> {
  const clock = new WaitingClock("idle");
  const { behaviour, key, slowConnect } = given;
  // Their names show which request a rule hit.
  const faults = given.faults.map((rule, index) => ({ ...rule, name: String(index) }));
  const apiKeys = [canaries.key, canaries.secondKey].map((name) => ({ ...key, key: name }));
  const emulator = await openEmulator({ ...behaviour, clock, apiKeys, faults, seed: seedOf(given, clock.now()) });
  const shared: Shared = {
    ...{ clock, emulator, stop: new AbortController(), sent: 0, checks: 0, isStopped: false, isStalled: false },
    connection: connect(named(emulator.url), given, clock, () => {
      shared.isStalled = true;
      if (slowConnect?.until === "stop") shared.stop.abort();
    }),
    memory: newMemory(),
    losses: new Losses(),
  };
  const [first, second] = withClaims(given, emulator.url);
  const begun = new Begin(given.second?.startsAt ?? 0);
  const runs = [
    runOne(first, { apiKey: canaries.key, memory: shared.memory }, shared, () => {
      begun.sent();
    }).finally(() => {
      begun.ended();
    }),
    ...(second === undefined
      ? []
      : [
          begun.wait.then(async () => {
            const memory = given.second?.sameKey === true ? shared.memory : newMemory();
            return await runOne(second, { apiKey: canaries.secondKey, memory }, shared, () => undefined);
          }),
        ]),
  ];
  try {
    const results = (await Promise.all(runs)).filter((result) => result !== undefined);
    const after = snapshot(emulator);
    const evidence = results.map((result): Evidence => {
      return {
        ...result,
        after,
        emulator: viewOf(emulator, result.apiKey),
        isStalled: shared.isStalled,
        beside: undefined,
      };
    });
    return evidence.map((one, index) => ({ ...one, beside: evidence[1 - index] }));
  } finally {
    await shared.connection.close();
    await emulator.close();
  }
}

/** What the purges of a provider process share, and how far they have come together. */
interface Shared {
  readonly clock: WaitingClock;
  readonly emulator: Emulator;
  readonly connection: ReturnType<typeof connect>;
  readonly memory: VersionMemory;
  readonly losses: Losses;
  readonly stop: AbortController;
  sent: number;
  checks: number;
  isStopped: boolean;
  isStalled: boolean;
}

/** When the second purge begins: with the n-th request of the first one, or at its end. */
class Begin {
  readonly wait: Promise<void>;
  #resolve: () => void = () => undefined;
  #sent = 0;

  constructor(private readonly nth: number) {
    this.wait = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (nth === 0) this.#resolve();
  }

  sent(): void {
    this.#sent += 1;
    if (this.#sent === this.nth) this.#resolve();
  }

  ended(): void {
    this.#resolve();
  }
}

type Result = Omit<Evidence, "after" | "beside" | "emulator" | "isStalled">;

async function runOne(
  asked: Case,
  { apiKey, memory }: { readonly apiKey: string; readonly memory: VersionMemory },
  shared: Shared,
  onSent: () => void,
): Promise<Result | undefined> {
  if (asked.targets.length === 0) return undefined;
  const { clock, emulator } = shared;
  const { api, exchanges } = shared.connection.client({ apiKey, recorded: asked.recorded, memory });
  const held =
    asked.faults.some(({ then }) => then.kind === "slow" && then.ms === undefined) ||
    asked.slowConnect?.until === "timeout";
  // The wait for a response or a connection that never comes is in real time.
  const timeoutMs = held ? 60 : asked.timeoutMs;
  const deadline = new Deadline(timeoutMs, clock, shared.stop.signal);
  const before = snapshot(emulator);
  const maxDeletions = limitOf(asked, before);
  const reported = { statuses: [] as string[], planned: undefined as number | undefined };
  const counts = { mutating: 0, admitted: 0, afterStop: 0 };
  const startedAt = clock.now();
  const work = purge(requestOf(asked, maxDeletions, emulator.url), {
    api,
    losses: shared.losses,
    deadline,
    policy: defaultRetryPolicy,
    concurrency: asked.concurrency,
    beforeMutation: () => {
      shared.checks += 1;
      if (asked.stop?.by !== "engine" || shared.checks < asked.stop.nth) {
        counts.admitted += 1;
        return Promise.resolve();
      }
      return Promise.reject(new StoppedError("the engine no longer responds"));
    },
    onAttempt: (mutating) => {
      shared.sent += 1;
      if (mutating) counts.mutating += 1;
      if (shared.isStopped || counts.mutating > counts.admitted) counts.afterStop += 1;
      onSent();
      if (asked.stop?.by !== "signal" || shared.sent !== asked.stop.nth) return;
      shared.isStopped = true;
      shared.stop.abort();
    },
    onPlanned: (total) => {
      reported.planned = total;
    },
    onStatus: (message) => reported.statuses.push(message),
    onWait: () => undefined,
  });
  const ended = await within(
    asked.slowConnect === undefined ? standstillMs : slowConnectMs,
    work.then(
      (outcome) => ({ outcome, error: undefined }),
      (error: unknown) => ({ outcome: undefined, error }),
    ),
  );
  if (ended === undefined) throw new Error("the purge came to a standstill");
  const endedAt = clock.now();
  deadline.end();
  const [mutatingAttempts, sentAfterStop] = [counts.mutating, counts.afterStop];
  const times = { timeoutMs, startedAt, endedAt };
  const sides = { exchanges, mutatingAttempts, sentAfterStop };
  return { asked, apiKey, maxDeletions, ...times, before, ...sides, ...reported, ...ended };
}

/** The deletions of the other purge are those of another client. */
function viewOf(emulator: Emulator, apiKey: string): Evidence["emulator"] {
  const keyId = keyIdOf(apiKey);
  const requests = emulator.requests.filter((request) => request.keyId === keyId);
  const own = new Set(requests.map(({ sequence }) => sequence));
  const { faults, lateDeletions, lateTaggings, ledger } = emulator;
  const others = ledger
    .filter(({ request }) => !own.has(request))
    .map((deletion) => ({ ...deletion, documentIds: deletion.documentIds, containerTag: deletion.containerTag ?? "" }));
  return {
    requests,
    ledger: ledger.filter(({ request }) => own.has(request)),
    lateDeletions: [...lateDeletions, ...others],
    lateTaggings,
    faults,
  };
}

function requestOf(asked: Case, maxDeletions: number, url: string): PurgeRequest {
  const { allow, allowedTags, method, protectedTags, recordedAddress, targets, verify } = asked;
  const other = "https://other.example";
  const address = {
    now: url,
    recorded: { none: null, same: url, other, accepted: other }[recordedAddress],
    accepted: recordedAddress === "accepted" ? url : undefined,
  };
  const guardrails = { maxDeletions, allowProtectedTags: allow, protectedTags, allowedTags, address };
  return { resource: "memory", targets, guardrails, method, verify };
}

function limitOf({ limit, targets }: Case, { containers }: Snapshot): number {
  if ("max" in limit) return limit.max;
  const existing = targets.reduce((sum, { containerTag }) => sum + (containers[containerTag] ?? 0), 0);
  return Math.max(0, existing + limit.beyondTheCount);
}

function snapshot(emulator: Emulator): Snapshot {
  return { documents: emulator.documents(), containers: emulator.containers(), memories: emulator.memories() };
}

/** The same address by name, so that its connections begin with a lookup. */
function named(url: string): string {
  return url.replace("127.0.0.1", "api.example");
}
