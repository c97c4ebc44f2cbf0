import { createHash } from "node:crypto";
import { appendFileSync, closeSync, constants, fstatSync, openSync, readFileSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { messageOf, SupermemoryError } from "../errors";

/** The tags that one live resource of the program manages in this command. */
export interface Claim {
  readonly urn: string;
  readonly containerTags: readonly string[];
  /** It manages more tags, which are not known. */
  readonly unknown?: true | undefined;
  readonly baseUrl: string;
  readonly keyId: string | null;
}

/**
 * The tags that live resources of this command claim. All provider processes of a command share them through a file in
 * the temp folder, named after the engine's address. A line counts only while the process that wrote it lives, so a file
 * that an earlier command left behind never protects anything.
 */
export class Claims {
  readonly #own = new Map<string, Claim>();

  /** @param path the shared file, or undefined when there is no engine to share with */
  constructor(private readonly path: string | undefined) {}

  /** Records, or replaces, the claim of one resource. @throws SupermemoryError when it cannot be shared */
  add(claim: Claim): void {
    this.#own.set(claim.urn, claim);
    if (this.path === undefined) return;
    try {
      append(this.path, `${JSON.stringify({ ...claim, pid: process.pid })}\n`);
    } catch (error) {
      throw new SupermemoryError(`cannot record which containers this program manages (${messageOf(error)})`, [
        "set TMPDIR to a folder that you can write to",
      ]);
    }
  }

  /** Records that a resource of the program manages tags that are not known. */
  addUnknown(urn: string | undefined): void {
    this.add({ urn: urn ?? "a resource", containerTags: [], unknown: true, baseUrl: "", keyId: null });
  }

  /** The URN of a resource of the program that may manage any tag, because its arguments are not known. */
  unknown(): string | undefined {
    return this.#find((claim) => claim.unknown === true);
  }

  /** The URN of another resource that claims the tag with the same key at the same address. */
  conflict(containerTag: string, claim: Claim): string | undefined {
    return this.#find(
      (other) =>
        other.urn !== claim.urn && other.keyId === claim.keyId && this.#covers(other, containerTag, claim.baseUrl),
    );
  }

  /** The URN of any live resource that claims the tag at this address, whatever its key. */
  claimedBy(containerTag: string, baseUrl: string): string | undefined {
    return this.#find((other) => this.#covers(other, containerTag, baseUrl));
  }

  /** Removes the file when no other live process uses it. */
  close(): void {
    if (this.path === undefined) return;
    try {
      if (this.#lines(this.path).every((line) => line.pid === process.pid)) unlinkSync(this.path);
    } catch {
      // A file that stays does no harm: its lines count only while their processes live.
    }
  }

  #covers(claim: Claim, containerTag: string, baseUrl: string): boolean {
    return claim.baseUrl === baseUrl && claim.containerTags.includes(containerTag);
  }

  #find(matches: (claim: Claim) => boolean): string | undefined {
    const all = new Map<string, Claim>(
      this.path === undefined ? [] : this.#lines(this.path).map((line) => [line.urn, line]),
    );
    for (const [urn, claim] of this.#own) all.set(urn, claim);
    return [...all.values()].find(matches)?.urn;
  }

  #lines(path: string): readonly ClaimLine[] {
    let text: string;
    try {
      text = withOwnFile(path, constants.O_RDONLY, (file) => readFileSync(file, "utf8"));
    } catch {
      return [];
    }
    return text
      .split("\n")
      .flatMap(parseLine)
      .filter((line) => isAlive(line.pid));
  }
}

/** Where this user's processes of the engine at `address` share their claims. */
export function claimsPath(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const name = createHash("sha256")
    .update(`${address} ${process.getuid?.() ?? ""}`)
    .digest("hex")
    .slice(0, 16);
  return join(tmpdir(), `pulumi-supermemory-claims-${name}.jsonl`);
}

function append(path: string, line: string): void {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  withOwnFile(path, O_APPEND | O_CREAT | O_WRONLY, (file) => {
    appendFileSync(file, line);
  });
}

/** The temp folder is shared: another user may have put a link or a file of their own at this path. */
function withOwnFile<T>(path: string, flags: number, use: (file: number) => T): T {
  const file = openSync(path, flags | constants.O_NOFOLLOW, 0o600);
  try {
    const isOpenToOthers = process.getuid !== undefined && (fstatSync(file).mode & 0o077) !== 0;
    if (isOpenToOthers) throw new Error(`other users may read or write ${path}`);
    return use(file);
  } finally {
    closeSync(file);
  }
}

const claimLine = z.object({
  urn: z.string(),
  containerTags: z.array(z.string()),
  unknown: z.literal(true).optional(),
  baseUrl: z.string(),
  keyId: z.string().nullable(),
  pid: z.int().positive(),
});

type ClaimLine = z.infer<typeof claimLine>;

function parseLine(line: string): readonly ClaimLine[] {
  try {
    const parsed = claimLine.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
