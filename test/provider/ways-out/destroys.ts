import { rmSync } from "node:fs";
import { Claims } from "../../../provider/host/claims";
import { claimsPath } from "../../../provider/host/claims-file";
import { messageOf } from "../../../provider/errors";
import { LeapingClock } from "../support/clocks";
import { type CallOptions, openProvider, type Properties, type ProviderCalls, testTime } from "../support/host-calls";
import { testAddress } from "../support/host-claims";
import type { SeedContainers } from "../support/host-emulator";
import { respond, startHostile } from "../support/hostile";
import { deployed, OneResourceStack, urnOfMemory } from "../support/host-stack";

/** A destroy that is refused, and can be run again with variables for that command. */
export interface RefusedDestroy {
  readonly run: (
    env?: CallOptions["env"],
  ) => Promise<{ readonly error: string | undefined; readonly lines: readonly string[] }>;
  /** Whether the resource is still in the stack. */
  readonly isInStack: () => boolean;
  /** Documents in the container; undefined for a server that counts none. */
  readonly left: () => number | undefined;
}

const five = { "pr-42": 5 };
const beside = (alsoIn: string) => ({ "pr-42": { documents: [{}, { alsoIn: [alsoIn] }] } });
const managed = { containerTags: ["pr-42"], purgeOn: ["delete"] };
const byIds = { ...managed, deleteBy: "ids" };
const done = { ...byIds, select: { status: ["done"] } };
const anHour = 3_600_000;

/** Each refusal of the table in docs/messages.md, by its first cell. */
export const refusedDestroys: Readonly<Record<string, () => Promise<RefusedDestroy>>> = {
  "this would delete …, more than maxDeletions (…)": () => destroyOf(five, { ...managed, maxDeletions: 2 }),
  "this would delete … with all memories, but maxDeletions is 0": () =>
    destroyOf({ "pr-42": 0 }, { ...managed, scope: "container", maxDeletions: 0 }),
  "… was last purged at …, but the API address is now …": () =>
    destroyOf(five, managed, { outputs: { baseUrl: "https://api.example.com" } }),
  "documents in … also carried a protected tag when API v3 last listed them, and API v5, which responds now, does not return a document's tags":
    () => destroyOf(five, managed, { outputs: { apiVersion: "v3", __besideProtected: true }, endV3: true }),
  'sharedDocuments: "…" is not supported on API v5, which does not return a document\'s tags': () =>
    destroyOf(five, { ...byIds, sharedDocuments: "keep" }, { endV3: true }),
  "the state of this resource belongs to …, and this is …": () =>
    destroyOf(five, managed, { env: { PULUMI_PROJECT: "another" } }),
  '"…" is protected because …': () => destroyOf(five, managed, { env: { SUPERMEMORY_PROTECTED_TAGS: "pr-42" } }),
  '"…" does not match allowedTags…': () => destroyOf(five, managed, { config: { "supermemory:allowedTags": "[]" } }),
  '… "…", which is protected because …': () => destroyOf(beside("eu-prod"), managed),
  '… tags outside this purge, such as "…", and sharedDocuments is "refuse"': () =>
    destroyOf(beside("tenant-7"), { ...byIds, sharedDocuments: "refuse" }),
  "this machine's clock is … the API's, so document ages would be wrong": () =>
    destroyOf(five, { ...managed, select: { olderThan: "1s" } }, { clock: new LeapingClock(testTime + anHour) }),
  "the stored state of this resource contains …, which this version of pulumi-supermemory does not know": () =>
    destroyOf(five, managed, { outputs: { keepNewest: 3 } }),
  "the stored state of this resource cannot be read (…)": () =>
    destroyOf(five, managed, { outputs: { maxDeletions: { damaged: true } } }),
  "cannot … which containers this program manages (…)": () => destroyBeside(loseClaims),
  "… may manage …, because its arguments are not known": () =>
    destroyBeside(({ host }) => {
      host.claims.addUnknown(`${urnOfMemory}2`);
    }),
  "the list of … reports … (pagination.totalItems) but contains …": () => destroyAt(() => listOf(["pr-42"], 2), byIds),
  "documents in … kept disappearing while they were listed": () =>
    destroyAt((request) => listOf(["pr-42"], pageIn(request) === 1 ? 3 : 2, pageIn(request)), byIds),
  "the list of … reports … (pagination.totalItems), more than the … that a purge by ids lists": () =>
    destroyAt(() => listOf(["pr-42"], 10 ** 15), done),
  "this operation sent … requests, its budget for … in …": () =>
    destroyAt((request) => listOf(["pr-42"], 9_999, pageIn(request)), done),
  "the list of … is not in the order of the request (newest first)": () =>
    destroyAt((_request, path) => (path.includes("/pr-42/") ? backwards(pageIn(path)) : empty), managed, "v5"),
  "…: the API did not apply the filter": () => destroyAt(() => listOf(["tenant-7"]), managed),
};

interface Circumstances extends Pick<CallOptions, "clock" | "config" | "env"> {
  /** Outputs that differ from those that an up stored. */
  readonly outputs?: Properties;
  readonly endV3?: boolean;
}

async function destroyOf(
  containers: SeedContainers,
  args: Properties,
  { endV3 = false, outputs, ...circumstances }: Circumstances = {},
): Promise<RefusedDestroy> {
  const { emulator, stack: before } = await deployed(containers, args);
  if (before.stored === undefined) throw new Error("nothing was deployed");
  const stack = new OneResourceStack(emulator, circumstances);
  stack.stored = { ...before.stored, outputs: { ...before.outputs, ...outputs } };
  if (endV3) emulator.switchApi("v3", "gone");
  return { ...destroys(stack), left: () => emulator.containers()["pr-42"] };
}

function destroys(stack: OneResourceStack): Omit<RefusedDestroy, "left"> {
  return { run: (env) => stack.destroy(env), isInStack: () => stack.stored !== undefined };
}

/** A destroy in a process in which something happened to the claims. */
async function destroyBeside(happens: (provider: ProviderCalls) => Promise<void> | void): Promise<RefusedDestroy> {
  const { before, emulator } = await deployed(five, managed);
  const connection = { SUPERMEMORY_BASE_URL: emulator.url, SUPERMEMORY_API_KEY: emulator.apiKey };
  let isInStack = true;
  const run = async (env: CallOptions["env"] = {}) => {
    const provider = openProvider({ env: { ...connection, ...env } });
    await happens(provider);
    const error = await provider.delete("id", before).then(() => undefined, messageOf);
    isInStack = error !== undefined;
    return { error, lines: provider.lines };
  };
  return { run, isInStack: () => isInStack, left: () => emulator.containers()["pr-42"] };
}

/** The file with the claims of the process is gone. */
async function loseClaims(provider: ProviderCalls): Promise<void> {
  const path = claimsPath(testAddress());
  Object.assign(provider.host, { claims: new Claims(path) });
  await provider.check({}, { containerTags: ["pr-43"], __urn: `${urnOfMemory}2`, __provider: "text", __known: true });
  rmSync(path ?? "");
}

/** A server that is not the emulator, with these responses to every list. */
async function destroyAt(
  list: (request: string, path: string) => object,
  args: Properties,
  apiVersion = "auto",
): Promise<RefusedDestroy> {
  const { url } = await startHostile((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      respond(response, list(body, request.url ?? ""));
    });
  });
  const stack = new OneResourceStack({ url, apiKey: "key" }, { config: { "supermemory:apiVersion": apiVersion } });
  await stack.up(args);
  return { ...destroys(stack), left: () => undefined };
}

function pageIn(request: string): number {
  return Number(/\bpage\W{1,2}(\d+)/.exec(request)?.[1] ?? 1);
}

function listOf(containerTags: readonly string[], totalItems = 1, page = 1): object {
  const row = { id: `document-${page}`, createdAt: "2026-01-01T00:00:00Z", status: "done", containerTags };
  return { memories: [row], pagination: { totalItems } };
}

const empty = { documents: [], pagination: { totalItems: 0 } };

/** Two pages of v5, of which the second contains the newer documents. */
function backwards(page: number): object {
  const documents = Array.from({ length: 100 }, (_, at) => ({
    id: `document-${page}-${at}`,
    system: { createdAt: new Date(testTime + page * 100_000 - at * 1_000).toISOString(), status: "done" },
  }));
  return { documents, pagination: { totalItems: 200 } };
}
