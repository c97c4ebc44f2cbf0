import type { EmulatorOptions, Seed } from "../../../emulator/index";
import { Deadline } from "../../../provider/client/deadline";
import type { Transport } from "../../../provider/client/transport";
import type { Wait } from "../../../provider/client/call-context";
import { defaultRetryPolicy } from "../../../provider/client/retry";
import { purge, PurgeIncompleteError } from "../../../provider/purge/purge";
import type { Guardrails, PurgeOutcome, PurgeRequest, PurgeSession, Target } from "../../../provider/purge/types";
import { count } from "../../../provider/util/format";
import { LeapingClock } from "./clocks";
import { connect, type ConnectOptions } from "./connect";
import { atEnd } from "./ends";
import { openEmulator } from "../../wire/emulator";

export interface WorldOptions extends Omit<EmulatorOptions, "clock" | "seed"> {
  readonly containers?: Seed["containers"];
  readonly timeoutMs?: number;
  /** Default v3. */
  readonly apiVersion?: "auto" | "v3" | "v5";
  readonly recorded?: ConnectOptions["recorded"];
  readonly hurried?: boolean;
  readonly concurrency?: number;
  readonly apiKey?: string;
  readonly random?: () => number;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

export const idleSession = {
  concurrency: 8,
  policy: defaultRetryPolicy,
  beforeMutation: () => Promise.resolve(),
  onAttempt: () => undefined,
  onPlanned: () => undefined,
  onStatus: () => undefined,
  onWait: () => undefined,
};

/** An emulator with a bystander, of which it tells the ids, and everything that a purge works with. */
export async function startWorld(options: WorldOptions = {}) {
  const { apiKey, apiVersion, concurrency, containers = {}, random, timeoutMs = 600_000, ...others } = options;
  const { hurried, recorded, ...emulated } = others;
  const clock = new LeapingClock();
  const seed = { containers: { bystander: 3, ...containers } };
  const emulator = await openEmulator({ ...emulated, clock, seed });
  const sentAt: { readonly path: string; readonly at: number }[] = [];
  const watch = (transport: Transport): Transport => ({
    ...transport,
    send: async (request) => {
      sentAt.push({ path: new URL(request.url).pathname, at: clock.now() });
      return await transport.send(request);
    },
  });
  const known = { apiKey: apiKey ?? emulator.apiKey, apiVersion, recorded, hurried };
  const { api, close } = connect(emulator.url, { ...known, concurrency, random, watch });
  const stop = new AbortController();
  const deadline = new Deadline(timeoutMs, clock, stop.signal);
  const statuses: string[] = [];
  const waits: Wait[] = [];
  atEnd(async () => {
    deadline.end();
    await close();
    await emulator.close();
  });
  const heard = {
    onStatus: (text: string) => statuses.push(text),
    onDeleted: (deleted: number, planned: number) => statuses.push(`${count(deleted)}/${count(planned)} deleted`),
    onWait: (wait: Wait) => waits.push(wait),
  };
  const session: PurgeSession = { ...idleSession, api, deadline, concurrency: concurrency ?? 8, ...heard };
  const bystander = emulator.documents("bystander").map(({ id }) => id);
  return { emulator, clock, sentAt, stop, session, statuses, waits, bystander };
}

/** Default: by tag, when they are created. */
export interface Asked
  extends
    Partial<Omit<Guardrails, "address">>,
    Partial<Pick<PurgeRequest, "method" | "recheck" | "settleMs" | "targets" | "verify">> {
  readonly event?: Target["event"];
  readonly session?: Partial<PurgeSession>;
  readonly address?: Partial<Guardrails["address"]>;
}

/** Purges these containers of a world, by default when they are created. */
export async function purgeTags(
  { emulator, session }: Pick<World, "emulator" | "session">,
  tags: readonly string[],
  asked: Asked = {},
): Promise<PurgeOutcome> {
  const { event = "create", method = { kind: "tag" }, recheck, settleMs, verify = true } = asked;
  const targets = asked.targets ?? tags.map((containerTag) => ({ containerTag, event }));
  const rules = guardrails({ ...asked, address: { now: emulator.url, ...asked.address } });
  const request = { resource: "memory", targets, guardrails: rules, method, verify, recheck, settleMs };
  return await purge(request, { ...session, ...asked.session });
}

export function guardrails(given: Partial<Omit<Guardrails, "address">> & Pick<Asked, "address"> = {}): Guardrails {
  return {
    maxDeletions: given.maxDeletions ?? 10_000,
    allowProtectedTags: given.allowProtectedTags ?? { managed: [], removed: [] },
    protectedTags: given.protectedTags ?? [],
    allowedTags: given.allowedTags,
    address: { now: "https://api.supermemory.ai", recorded: null, accepted: undefined, ...given.address },
  };
}

/** What was rejected, which must be an Error. */
export async function errorOf(work: Promise<unknown>): Promise<Error> {
  const reason: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (reason instanceof Error) return reason;
  throw new Error(`expected an error, got ${String(reason)}`);
}

export async function incomplete(work: Promise<unknown>): Promise<PurgeIncompleteError> {
  const error = await errorOf(work);
  if (error instanceof PurgeIncompleteError) return error;
  throw error;
}

/** What arrived, in short: "list pr-42", "delete pr-42", "delete 3 ids". */
export function sent({ emulator }: World): readonly string[] {
  return emulator.requests.map(({ body, containerTags, method }) => {
    const ids: unknown = typeof body === "object" && body !== null && "ids" in body ? body.ids : undefined;
    const what = Array.isArray(ids) ? `${ids.length} ids` : containerTags.join(",");
    return `${method === "DELETE" ? "delete" : "list"} ${what}`;
  });
}

/** Nothing went but what is reported, the bystander is as it was, and every fault has struck. */
export function expectSound({ bystander, emulator }: World, deleted: number): void {
  expect(emulator.ledger.reduce((sum, { count }) => sum + count, 0)).toBe(deleted);
  expect(emulator.documents("bystander").map(({ id }) => id)).toEqual(bystander);
  expect(emulator.unhitFaults()).toEqual([]);
}
