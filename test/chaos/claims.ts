import { Claims } from "../../provider/host/claims";
import type { Claim } from "../../provider/host/claims-file";
import type { Target } from "../../provider/purge/types";
import type { Case } from "./case";

/** What the two resources purge at the end: tags that the other one manages are left out, as the handlers do it. */
export function withClaims(given: Case, baseUrl: string): readonly [Case, Case | undefined] {
  const { second } = given;
  if (second === undefined) return [given, undefined];
  const claims = new Claims(undefined);
  const claimOf = (urn: string, targets: readonly Target[], keyId: string): Claim => {
    const managed = targets.filter(({ event }) => event !== "delete").map(({ containerTag }) => containerTag);
    return { urn, containerTags: managed, baseUrl, keyId };
  };
  const [one, two] = [
    claimOf("first", given.targets, "a"),
    claimOf("second", second.targets, second.sameKey ? "a" : "b"),
  ];
  claims.add(one);
  // Of a tag that both manage with one key, the second resource is refused.
  const isRefused = (tag: string): boolean => claims.conflict(tag, two) !== undefined;
  const allowed = second.targets.filter(({ containerTag, event }) => event === "delete" || !isRefused(containerTag));
  claims.add(claimOf("second", allowed, two.keyId ?? ""));
  const kept = (targets: readonly Target[]): readonly Target[] =>
    targets.filter(
      ({ containerTag, event }) => event !== "delete" || claims.claimedBy(containerTag, baseUrl) === undefined,
    );
  return [
    { ...given, targets: kept(given.targets) },
    { ...given, ...second, targets: kept(allowed) },
  ];
}
