import type { EmulatorOptions } from "../../../emulator/index";
import type { SupermemoryApi } from "../../../provider/client/api";
import { Deadline } from "../../../provider/client/deadline";
import { defaultRetryPolicy, retryAfter } from "../../../provider/client/retry";
import type { HttpResponse } from "../../../provider/client/exchange";
import type { Transport } from "../../../provider/client/transport";
import type { PurgeOutcome, PurgeSession } from "../../../provider/purge/types";
import { WaitingClock } from "./clocks";
import { connect } from "./connect";
import { atEnd } from "./ends";
import { Manners } from "./manners";
import { idleSession, purgeTags } from "./world";
import { openEmulator } from "../../wire/emulator";

interface StormOptions extends Omit<EmulatorOptions, "clock" | "seed"> {
  /** Documents by container, in addition to 3 of the bystander. */
  readonly containers: Readonly<Record<string, number>>;
  readonly concurrency: number;
}

export type Storm = Awaited<ReturnType<typeof startStorm>>;

/** Many operations of one process, with one limiter and one key. The emulator's clock moves when all of them wait. */
export async function startStorm({ containers, concurrency, ...options }: StormOptions) {
  const clock = new WaitingClock("idle");
  const manners = new Manners();
  const seed = { containers: { bystander: 3, ...containers } };
  const emulator = await openEmulator({ ...options, clock, seed });
  const watch = (transport: Transport): Transport => watched(transport, clock, manners);
  const { close, v3, v5 } = connect(emulator.url, { apiKey: emulator.apiKey, concurrency, watch });
  const deadlines: Deadline[] = [];
  atEnd(async () => {
    for (const deadline of deadlines) deadline.end();
    await close();
    await emulator.close();
  });
  const deadline = (timeoutMs = 24 * 3_600_000, stop?: AbortSignal): Deadline => {
    const made = new Deadline(timeoutMs, clock, stop);
    deadlines.push(made);
    return made;
  };
  return {
    emulator,
    clock,
    manners,
    v3,
    v5,
    deadline,
    purge: async (containerTag: string, api: SupermemoryApi, session: Partial<PurgeSession> = {}) =>
      await purgeTags({ emulator, session: { ...idleSession, api, deadline: deadline(), ...session } }, [containerTag]),
  };
}

/** The same transport, with a record of requests and responses. */
function watched(transport: Transport, clock: WaitingClock, manners: Manners): Transport {
  const waitUntil = ({ retryAfter: header, status }: HttpResponse): number | undefined => {
    const asked = status === 429 || status === 503 ? retryAfter(header, clock.now()) : undefined;
    return asked === undefined ? undefined : clock.now() + asked;
  };
  return {
    send: (request) =>
      clock.standStill(async () => {
        const ended = manners.sent(clock.now());
        try {
          const answer = await transport.send(request);
          const until = waitUntil(answer);
          ended(until === undefined ? "answered" : { waitUntil: until });
          return answer;
        } catch (error) {
          ended("lost");
          throw error;
        }
      }),
    close: () => transport.close(),
  };
}

/** One list of a container, within this time. */
export async function look({ v3 }: Storm, containerTag: string, deadline: Deadline) {
  return await v3.list({ containerTag, page: 1, order: "desc" }, { deadline, policy: defaultRetryPolicy });
}

/** These purges deleted exactly what they report, each document once, and nothing of the bystander. */
export function expectAllPurged(storm: Storm, outcomes: readonly PurgeOutcome[], documents: number): void {
  const { emulator, manners } = storm;
  const deleted = emulator.ledger.flatMap(({ documentIds }) => documentIds);
  expect(outcomes.reduce((sum, outcome) => sum + outcome.deleted, 0)).toBe(documents);
  expect(outcomes.every(({ estimated, tags }) => !estimated && tags.every(({ done }) => done))).toBe(true);
  expect(new Set(deleted).size).toBe(documents);
  expect(deleted).toHaveLength(documents);
  const { bystander, ...others } = emulator.containers();
  expect(bystander).toBe(3);
  expect(new Set(Object.values(others))).toEqual(new Set([0]));
  expect(manners.breaches).toEqual([]);
  expect(emulator.unhitFaults()).toEqual([]);
}
