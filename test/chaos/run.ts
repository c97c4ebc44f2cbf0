import type { ContainerSeed, DocumentSeed, Emulator, Seed, StoredDocument } from "../../emulator/index";
import { Deadline } from "../../provider/client/deadline";
import { defaultRetryPolicy } from "../../provider/client/retry";
import { StoppedError } from "../../provider/errors";
import { purge } from "../../provider/purge/purge";
import type { PurgeOutcome, PurgeRequest } from "../../provider/purge/types";
import { within } from "../engine/embedded/program/waits";
import { WaitingClock } from "../provider/support/clocks";
import type { Case, Group } from "./case";
import { connect, type Exchange } from "./connect";
import { canaries, tags } from "./words";
import { openEmulator } from "../wire/emulator";

/** The result of one case: what the purge reported, and what the server recorded. */
export interface Evidence {
  readonly asked: Case;
  readonly maxDeletions: number;
  readonly timeoutMs: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly emulator: Emulator;
  readonly exchanges: readonly Exchange[];
  readonly mutatingAttempts: number;
  readonly sentAfterStop: number;
  /** A connection was never made. */
  readonly isStalled: boolean;
  readonly planned: number | undefined;
  readonly statuses: readonly string[];
  readonly outcome: PurgeOutcome | undefined;
  readonly error: unknown;
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

export async function run(asked: Case): Promise<Evidence> {
  const clock = new WaitingClock("idle");
  const { behaviour, faults, key } = asked;
  const apiKeys = [{ ...key, key: canaries.key }];
  const seed = seedOf(asked, clock.now());
  const emulator = await openEmulator({ ...behaviour, clock, apiKeys, faults, seed });
  const stop = new AbortController();
  let isStalled = false;
  const connection = connect(named(emulator.url), asked, clock, () => {
    isStalled = true;
    if (asked.slowConnect?.until === "stop") stop.abort();
  });
  const held =
    faults.some(({ then }) => then.kind === "slow" && then.ms === undefined) || asked.slowConnect?.until === "timeout";
  // The wait for a response or a connection that never comes is in real time.
  const timeoutMs = held ? 60 : asked.timeoutMs;
  const deadline = new Deadline(timeoutMs, clock, stop.signal);
  const before = snapshot(emulator);
  const maxDeletions = limitOf(asked, before);
  const reported = { statuses: [] as string[], planned: undefined as number | undefined };
  const counts = { sent: 0, mutating: 0, checks: 0, admitted: 0, afterStop: 0, stopped: false };
  const startedAt = clock.now();
  const work = purge(requestOf(asked, maxDeletions, emulator.url), {
    api: connection.api,
    deadline,
    policy: defaultRetryPolicy,
    concurrency: asked.concurrency,
    beforeMutation: () => {
      counts.checks += 1;
      if (asked.stop?.by !== "engine" || counts.checks < asked.stop.nth) {
        counts.admitted += 1;
        return Promise.resolve();
      }
      return Promise.reject(new StoppedError("the engine no longer responds"));
    },
    onAttempt: (mutating) => {
      counts.sent += 1;
      if (mutating) counts.mutating += 1;
      if (counts.stopped || counts.mutating > counts.admitted) counts.afterStop += 1;
      if (asked.stop?.by !== "signal" || counts.sent !== asked.stop.nth) return;
      counts.stopped = true;
      stop.abort();
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
  await connection.close();
  await emulator.close();
  const [mutatingAttempts, sentAfterStop] = [counts.mutating, counts.afterStop];
  const sides = { emulator, exchanges: connection.exchanges, mutatingAttempts, sentAfterStop, isStalled };
  const times = { timeoutMs, startedAt, endedAt };
  return { asked, maxDeletions, ...times, before, after: snapshot(emulator), ...sides, ...reported, ...ended };
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

function seedOf({ containers }: Case, now: number): Seed {
  const seeded = Object.entries(containers).map(([tag, { documents, memories }]): [string, ContainerSeed] => [
    tag,
    { memories, documents: documents.flatMap((group) => documentsOf(group, tag, now)) },
  ]);
  return { containers: { [tags.bystander]: 3, ...Object.fromEntries(seeded) } };
}

function documentsOf(
  { ageMs, alsoIn, atOnce, count, failed, kind, processing }: Group,
  tag: string,
  now: number,
): DocumentSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    content: canaries.content,
    title: canaries.title,
    createdAt: new Date(now - ageMs - (atOnce ? 0 : index)).toISOString(),
    failed,
    alsoIn: alsoIn.filter((other) => other !== tag),
    ...(kind === undefined ? {} : { metadata: { kind } }),
    // The emulator counts from createdAt, the cases count from the start of the purge.
    ...(processing === undefined
      ? {}
      : { processing: processing === "forever" ? processing : processing + ageMs + (atOnce ? 0 : index) }),
  }));
}

function snapshot(emulator: Emulator): Snapshot {
  return { documents: emulator.documents(), containers: emulator.containers(), memories: emulator.memories() };
}

/** The same address by name, so that its connections begin with a lookup. */
function named(url: string): string {
  return url.replace("127.0.0.1", "api.example");
}
