import { ApiError, RefusedError, keepDocuments } from "../errors";
import { documents } from "../util/format";
import type { DocumentRow, ListQuery } from "./api";
import type { CallContext } from "./call-context";
import { isNotFound } from "./wire";

/**
 * Checks that a list contains only documents of the tag in its request. API v5 never returns a document's tags, and v3
 * may omit them, so the rows themselves may not show it. A list without a filter contains the whole account.
 */
export class ListFilter {
  /** Checks in progress. Lists of one session wait for the same check. */
  readonly #running = new Map<string, Promise<void>>();

  constructor(private readonly server: FilteredServer) {}

  /**
   * Runs once per process, address and key for the filter as a whole, and once more for each tag.
   *
   * @param rows a page of the list of `query`
   * @throws RefusedError if the API does not filter its lists by the exact tag
   */
  async check(query: ListQuery, rows: readonly Row[], context: CallContext): Promise<void> {
    const foreign = rows.find((row) => row.containerTags?.includes(query.containerTag) === false);
    if (foreign !== undefined) throw this.#withoutTag(query.containerTag, foreign);
    if (rows.every((row) => row.containerTags !== undefined)) return;
    const { containerTag } = query;
    await this.#once(probeTag, async () => await this.#findProbe(context));
    await this.#once(containerTag, async () => {
      const inOtherCases = await this.#findIn(otherCases(containerTag), query, rows, context);
      return inOtherCases ?? (await this.#findIn(shorter(containerTag), query, rows, context));
    });
  }

  async #once(tag: string, find: () => Promise<string | undefined>): Promise<void> {
    if (this.server.memory.checked.has(tag)) return;
    const run = this.#running.get(tag) ?? this.#pass(tag, find);
    this.#running.set(tag, run);
    await run.finally(() => this.#running.delete(tag));
  }

  async #pass(tag: string, find: () => Promise<string | undefined>): Promise<void> {
    const problem = await find();
    if (problem !== undefined) throw unfiltered(problem);
    this.server.memory.checked.add(tag);
  }

  async #findProbe(context: CallContext): Promise<string | undefined> {
    const { total } = await this.#list({ containerTag: probeTag, page: 1, order: "desc" }, context);
    if (total === 0) return undefined;
    return `the list of ${probeTag}, a tag that no document carries, contains ${documents(total)}`;
  }

  /** Lists similar tags until one of their lists shows that the filter tells it apart from the tag. */
  async #findIn(
    similarTags: readonly string[],
    query: ListQuery,
    rows: readonly Row[],
    context: CallContext,
  ): Promise<string | undefined> {
    const found: SimilarList[] = [];
    for (const containerTag of similarTags) {
      const page = await this.#list({ ...query, containerTag, page: 1 }, context);
      const foreign = page.rows.find((row) => row.containerTags?.includes(containerTag) === false);
      if (foreign !== undefined) throw this.#withoutTag(containerTag, foreign);
      if (page.rows.every((row) => row.containerTags !== undefined)) return undefined;
      const ids = new Set(page.rows.map(({ id }) => id));
      const shared = rows.filter(({ id }) => ids.has(id)).length;
      found.push({ containerTag, total: page.total, shared, isSame: shared === rows.length && shared === ids.size });
    }
    if (found.length === 0) return undefined;
    const { memory } = this.server;
    const known = memory.existing;
    memory.existing ??= await this.#existing(context);
    const problem = problemOf(query.containerTag, found, memory.existing);
    // A container may have been created since that list, or deleted.
    if (problem === undefined || known === undefined) return problem;
    memory.existing = await this.#existing(context);
    return problemOf(query.containerTag, found, memory.existing);
  }

  /** A 403 for a scoped key also proves the filter: the API looked at the tag. */
  async #list(query: ListQuery, context: CallContext): Promise<FilteredPage> {
    try {
      return await this.server.list(query, context);
    } catch (error) {
      if (isRefusedByApi(error) || isNotFound(error)) return { total: 0, rows: [] };
      throw error;
    }
  }

  /** The tags of all containers; undefined for a scoped key, which may not list them. */
  async #existing(context: CallContext): Promise<ReadonlySet<string> | undefined> {
    try {
      return new Set(await this.server.containerTags(context));
    } catch (error) {
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  }

  #withoutTag(containerTag: string, { id }: Row): RefusedError {
    return unfiltered(`the list of ${containerTag} contains a document without this tag (${this.server.quote(id)})`);
  }
}

type Row = Pick<DocumentRow, "id" | "containerTags">;

interface FilteredPage {
  readonly total: number;
  readonly rows: readonly Row[];
}

/** What the check needs of one API version. */
export interface FilteredServer {
  readonly list: (query: ListQuery, context: CallContext) => Promise<FilteredPage>;
  readonly containerTags: (context: CallContext) => Promise<readonly string[]>;
  readonly quote: (text: string) => string;
  readonly memory: ServerMemory;
}

/** What all sessions at one address with one key know. */
export interface ServerMemory {
  /** The tags that passed. */
  readonly checked: Set<string>;
  /** The tags of all containers, when they were last listed. */
  existing: ReadonlySet<string> | undefined;
}

/** What this process knows, by address, key and API version. */
export class FilterMemory {
  readonly #servers = new Map<string, ServerMemory>();

  of(...server: readonly string[]): ServerMemory {
    const name = server.join("\n");
    const memory = this.#servers.get(name) ?? { checked: new Set<string>(), existing: undefined };
    this.#servers.set(name, memory);
    return memory;
  }
}

/** The list of a similar tag, in which the API included no document's tags. */
export interface SimilarList {
  readonly containerTag: string;
  readonly total: number;
  /** Documents that the list of the tag contains too. */
  readonly shared: number;
  /** Both lists contain the same documents. */
  readonly isSame: boolean;
}

/**
 * Why lists of similar tags show that the API does not compare tags exactly; undefined if they do not show it. None of
 * the lists is empty. Containers that exist may share documents, but hardly all of them.
 *
 * @param existing the tags of all containers, if known
 */
export function problemOf(
  tag: string,
  lists: readonly SimilarList[],
  existing: ReadonlySet<string> | undefined,
): string | undefined {
  const absent = lists.find(({ containerTag }) => existing?.has(containerTag) === false);
  if (absent !== undefined) {
    return `the list of ${absent.containerTag}, which is no container, contains ${documents(absent.total)}`;
  }
  const isSuspect = (list: SimilarList): boolean => (existing === undefined ? list.shared > 0 : list.isSame);
  const [first] = lists;
  return first !== undefined && lists.every(isSuspect)
    ? `the list of ${first.containerTag} contains the documents of ${tag}`
    : undefined;
}

/** A tag that no document carries. */
export const probeTag = "pulumi-supermemory-filter-check";

/** The tag in other cases, as a filter that ignores case would match it: all letters, the first, and the last one. */
export function otherCases(tag: string): readonly string[] {
  const swapped = tag.replace(/[a-z]/gi, swapCase);
  const first = tag.replace(/[a-z]/i, swapCase);
  const last = tag.replace(/[a-z](?=[^a-z]*$)/i, swapCase);
  return [...new Set([swapped, first, last])].filter((other) => other !== tag);
}

/** The tag without its last 1 to 3 characters, as a filter by prefix would match it. */
export function shorter(tag: string): readonly string[] {
  return [1, 2, 3].map((fewer) => tag.slice(0, -fewer)).filter((other) => other !== "");
}

function swapCase(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** A 403 of the API itself. The HTML page of a proxy proves nothing. */
function isRefusedByApi(error: unknown): boolean {
  return error instanceof ApiError && error.failure.kind === "forbidden" && error.apiMessage !== undefined;
}

function unfiltered(evidence: string): RefusedError {
  return new RefusedError("", `${evidence}: the API did not apply the filter`, [
    "check that the base URL is the address of the API, and report this to whoever runs it",
    keepDocuments,
  ]);
}
