import { createHash } from "node:crypto";
import { HttpProblem } from "./response";

export type Role = "owner" | "admin" | "member";

/** A key that the emulator accepts. */
export interface ApiKey {
  readonly key: string;
  /** A member may not delete containers. Default: owner. */
  readonly role?: Role | undefined;
  /** False: every delete request gets 403. Default: true. */
  readonly canDelete?: boolean | undefined;
  /** Makes a scoped key: requests for other tags get 403. Default: all tags. */
  readonly containerTags?: readonly string[] | undefined;
}

/** The accepted key when none is configured. */
export const DEFAULT_API_KEY = "sm_emulator_key";

/** The first 8 hex digits of the SHA-256 of a key: enough to tell keys apart, useless as a key. */
export function keyIdOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}

/** The key in a request: the bearer token, or x-api-key, which the vendor's command line sends. */
export function keyIn(headers: Readonly<Record<string, string | string[] | undefined>>): string | undefined {
  const { authorization, "x-api-key": named } = headers;
  const bearer = typeof authorization === "string" ? /^bearer +(\S+)$/i.exec(authorization)?.[1] : undefined;
  return bearer ?? (typeof named === "string" && named !== "" ? named : undefined);
}

/** The configured key that a request carries. Throws 401 otherwise; the error never contains the key. */
export function authenticate(keys: readonly ApiKey[], sent: string | undefined): ApiKey {
  if (sent === undefined) throw new HttpProblem(401, "Unauthorized", "no API key: send Authorization: Bearer <key>");
  const known = keys.find(({ key }) => key === sent);
  if (known === undefined) throw new HttpProblem(401, "Unauthorized", "unknown API key");
  return known;
}

/** Throws 403 when one of the tags is outside the scope of the key. */
export function requireTags(key: ApiKey, tags: readonly string[]): void {
  const outside = tags.find((tag) => key.containerTags?.includes(tag) === false);
  if (outside !== undefined) throw new HttpProblem(403, "Forbidden", `the API key is not scoped to ${outside}`);
}

/** Throws 403 when the key may not delete. */
export function requireDelete(key: ApiKey): void {
  if (key.canDelete === false) throw new HttpProblem(403, "Forbidden", "the API key has no right to delete");
}

/** Throws 403 for members. */
export function requireAdmin(key: ApiKey): void {
  if (key.role === "member") {
    throw new HttpProblem(403, "Forbidden", "only organization owners and admins can perform this action");
  }
}
