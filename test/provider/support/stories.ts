import { PurgeIncompleteError } from "../../../provider/purge/purge";
import type { PurgeMethod, PurgeOutcome, PurgeSession, TagResult } from "../../../provider/purge/types";
import { type RelayOptions, startRelay } from "./relay";
import { type Asked, expectSound, purgeTags, sent, startWorld, type World, type WorldOptions } from "./world";

export const byIds = { kind: "ids", select: undefined, sharedDocuments: "delete" } as const satisfies PurgeMethod;
export const whole: PurgeMethod = { kind: "container" };
export const versions = ["v3", "v5"] as const;
export const toDelete = { method: "DELETE" } as const;

export interface Story extends WorldOptions, Omit<Asked, "session"> {
  /** Default: pr-42. */
  readonly tags?: readonly string[];
  readonly session?: (world: World) => Partial<PurgeSession>;
  readonly relay?: (world: World) => Omit<RelayOptions, "apiVersion" | "concurrency">;
  /** Part of the error's message; without it the purge succeeds. */
  readonly fails?: string | RegExp;
  readonly deleted: number;
  /** Documents that were really deleted, where that cannot be reported. */
  readonly really?: number;
  readonly estimated?: boolean;
  readonly results?: readonly Partial<TagResult>[];
  readonly left?: Readonly<Record<string, number>>;
  readonly sent?: readonly string[];
  readonly deletes?: readonly string[];
}

export interface Told {
  readonly world: World;
  /** Undefined if nothing was deleted. */
  readonly outcome: PurgeOutcome | undefined;
  readonly error: Error | undefined;
  readonly message: string;
}

export function testStories(stories: Readonly<Record<string, Story>>): void {
  test.each(Object.entries(stories))("%s", async (_title, story) => {
    await tell(story);
  });
}

/** Purges, and checks that it ends as told: what is done has nothing left, and what is not done is an error. */
export async function tell(story: Story): Promise<Told> {
  const { deleted, estimated = false, fails, really = deleted, relay, session, tags = ["pr-42"] } = story;
  const world = await startWorld(story);
  const api = relay === undefined ? {} : { api: (await startRelay(world, { ...story, ...relay(world) })).api };
  const asked = { ...story, session: { ...api, ...session?.(world) } };
  const told = await ended(world, purgeTags(world, tags, asked));
  const { message, outcome } = told;
  if (fails === undefined) expect(message).toBe("");
  else expect(message).toMatch(fails);
  if (outcome === undefined) {
    expect(message).toContain("; nothing was deleted");
    expect(deletesOf(world)).toEqual([]);
  } else {
    expect(outcome).toMatchObject({ deleted, estimated, tags: story.results ?? tags.map(() => ({})) });
    const finished = outcome.tags.filter(({ done, remaining, skipped }) => done && (remaining === 0 || skipped));
    expect(finished.length === tags.length).toBe(fails === undefined);
  }
  if (story.left !== undefined) expect(world.emulator.containers()).toEqual({ bystander: 3, ...story.left });
  if (story.sent !== undefined) expect(sent(world)).toEqual(story.sent);
  if (story.deletes !== undefined) expect(deletesOf(world)).toEqual(story.deletes);
  expectSound(world, really);
  return told;
}

export function deletesOf(world: World): readonly string[] {
  return sent(world).filter((request) => request.startsWith("delete"));
}

/** Does something right before the lists of a purge, which are counted from 1. */
export function beforeList(act: (list: number) => Promise<void> | void): Pick<RelayOptions, "before"> {
  let lists = 0;
  return {
    before: async ({ path }) => {
      if (path.includes("/list")) await act((lists += 1));
    },
  };
}

export async function deleteByHand(world: World, ids: readonly string[]): Promise<void> {
  await send(world, "DELETE", "/v3/documents/bulk", { ids });
}

export async function deleteOldest(world: World, count: number): Promise<void> {
  await deleteByHand(world, idsOf(world, 0, count));
}

export async function writeByHand(world: World, containerTags: readonly string[]): Promise<void> {
  await send(world, "POST", "/v3/documents", { content: "a note", containerTags });
}

/** Another client moves all documents of one container into another. */
export async function moveByHand(world: World, from: string, to: string): Promise<void> {
  await send(world, "DELETE", `/ns/${from}?moveTo=${to}`);
}

export function idsOf({ emulator }: World, from: number, to?: number): readonly string[] {
  const ids = emulator.documents("pr-42").map(({ id }) => id);
  return ids.slice(from, to);
}

async function ended(world: World, work: Promise<PurgeOutcome>): Promise<Told> {
  try {
    return { world, outcome: await work, error: undefined, message: "" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const outcome = error instanceof PurgeIncompleteError ? error.outcome : undefined;
    return { world, outcome, error, message: error.message };
  }
}

async function send({ emulator }: World, method: string, path: string, body?: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${emulator.apiKey}`, "content-type": "application/json" };
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  const { ok } = await fetch(emulator.url + path, { method, headers, ...text });
  if (!ok) throw new Error(`another client's ${method} failed`);
}
