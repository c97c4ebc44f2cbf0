import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { messageOf, SupermemoryError } from "../errors";
import { maybeSameOrigin } from "../util/address";
import { SharedLines } from "./claims-file";

/** The tags that one live resource of the program manages in this command. */
export interface Claim {
  readonly urn: string;
  readonly containerTags: readonly string[];
  readonly baseUrl: string;
  readonly keyId: string | null;
}

/**
 * The tags that live resources of this command claim. All provider processes of a command share them through a file in
 * the temp folder, named after the engine's address. A line counts only while the process that wrote it lives, so a file
 * that an earlier command left behind never protects anything. Claims that cannot be read are an error: an unknown claim
 * must not free a tag.
 */
export class Claims {
  readonly #own = new Map<string, Claim>();
  readonly #file: SharedLines | undefined;

  /** @param path the shared file, or undefined when there is no engine to share with */
  constructor(path: string | undefined) {
    this.#file = path === undefined ? undefined : new SharedLines(path);
  }

  /** Records, or replaces, the claim of one resource. @throws SupermemoryError when it cannot be shared */
  add(claim: Claim): void {
    this.#own.set(claim.urn, claim);
    try {
      // The id of the process comes first, so that even the start of a torn line contains it.
      this.#file?.append(JSON.stringify({ pid: process.pid, ...claim }));
    } catch (error) {
      throw problem("record", error);
    }
  }

  /**
   * The URN of another resource that claims the tag with the same key at the same address.
   *
   * @throws SupermemoryError when the claims cannot be read
   */
  conflict(containerTag: string, claim: Claim): string | undefined {
    return this.#find(
      (other) => other.urn !== claim.urn && other.keyId === claim.keyId && covers(other, containerTag, claim.baseUrl),
    );
  }

  /**
   * The URN of any live resource that claims the tag at this address, whatever its key.
   *
   * @throws SupermemoryError when the claims cannot be read
   */
  claimedBy(containerTag: string, baseUrl: string): string | undefined {
    return this.#find((other) => covers(other, containerTag, baseUrl));
  }

  /** Removes the file when no other live process uses it. */
  close(): void {
    try {
      if (this.#shared().every((line) => line.pid === process.pid)) this.#file?.remove();
    } catch {
      // A file that stays does no harm: its lines count only while their processes live.
    }
  }

  #find(matches: (claim: Claim) => boolean): string | undefined {
    const all = new Map<string, Claim>(this.#shared().map((line) => [line.urn, line]));
    for (const [urn, claim] of this.#own) all.set(urn, claim);
    return [...all.values()].find(matches)?.urn;
  }

  /** Another process may be writing a line, so a torn one is read again before it is an error. */
  #shared(): readonly ClaimLine[] {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (this.#file?.read() ?? []).flatMap(parseLine);
      } catch (error) {
        if (attempt === maxAttempts || !(error instanceof TornLine)) throw problem("read", error);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      }
    }
  }
}

const maxAttempts = 10;

function covers(claim: Claim, containerTag: string, baseUrl: string): boolean {
  return claim.containerTags.includes(containerTag) && maybeSameOrigin(claim.baseUrl, baseUrl);
}

function problem(what: "read" | "record", cause: unknown): SupermemoryError {
  return new SupermemoryError(`cannot ${what} which containers this program manages (${messageOf(cause)})`, [
    "run the same command again",
    "if it fails again, set TMPDIR for this command to an empty folder that only you can write to",
  ]);
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

const claimLine = z.object({
  urn: z.string(),
  containerTags: z.array(z.string()),
  baseUrl: z.string(),
  keyId: z.string().nullable(),
  pid: z.int().positive(),
});

type ClaimLine = z.infer<typeof claimLine>;

class TornLine extends Error {}

/** The claim in a line, if its process lives. @throws TornLine for a line that cannot be read */
function parseLine(line: string): readonly ClaimLine[] {
  const parsed = claimLine.safeParse(jsonOf(line));
  if (parsed.success) return isAlive(parsed.data.pid) ? [parsed.data] : [];
  const [, pid] = /^\{"pid":(\d+),/.exec(line) ?? [];
  if (pid !== undefined && !isAlive(Number(pid))) return [];
  throw new TornLine("a line is torn");
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
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
