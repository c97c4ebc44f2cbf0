import type { Environment } from "../config/keys";
import { RefusedError } from "../errors";

/** The project and the stack whose state a resource is in; null where that is not known. */
export interface Owner {
  readonly project: string | null;
  readonly stack: string | null;
}

/** Source: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export function ownerIn(urn: string | undefined): Owner {
  const [prefix = "", project = ""] = urn?.split("::") ?? [];
  const stack = prefix.split(":").slice(2).join(":");
  return project === "" || stack === "" ? { project: null, stack: null } : { project, stack };
}

/** The state was last written in another stack or project: it was renamed, moved or copied. */
export function hasMoved(recorded: Owner, urn: string | undefined): boolean {
  const now = ownerIn(urn);
  return now.project !== null && (now.project !== recorded.project || now.stack !== recorded.stack);
}

/** The line for a preview or an up of a resource that has moved; undefined where the owner was not recorded. */
export function movedLine(recorded: Owner, urn: string | undefined): string | undefined {
  if (recorded.project === null || !hasMoved(recorded, urn)) return undefined;
  const [from, to] = [nameOfOwner(recorded), nameOfOwner(ownerIn(urn))];
  return [
    `this resource was last updated in ${from} and now belongs to ${to}`,
    `if ${from} still has it, both purge the same containers: remove it from one of them, with pulumi state delete`,
  ].join("\n");
}

/**
 * A destroy of copied state would delete what another stack uses. The provider process knows its project. It does not
 * know its stack, but an edited copy shows in the URN, which contains a stack that no up has recorded.
 *
 * @param accepted SUPERMEMORY_ACCEPT_STATE_OF
 * @throws RefusedError
 */
export function guardOwner(
  recorded: Owner,
  urn: string | undefined,
  env: Environment,
  accepted: string | undefined,
): void {
  if (recorded.project === null || accepted === nameOfOwner(recorded)) return;
  const project = env["PULUMI_PROJECT"] ?? env["PULUMI_NODEJS_PROJECT"] ?? "";
  if (project !== "" && project !== recorded.project) {
    if (accepted === recorded.project) return;
    throw refused(recorded.project, `project ${recorded.project}`, `project ${project}`);
  }
  const { stack } = ownerIn(urn);
  if (stack === null || stack === recorded.stack) return;
  throw refused(nameOfOwner(recorded), nameOfOwner(recorded), `${recorded.project}/${stack}`);
}

function refused(value: string, from: string, to: string): RefusedError {
  return new RefusedError("", `the state of this resource belongs to ${from}, and this is ${to}`, [
    `if the state was copied, ${from} may still use its containers: to remove the resource without purging, set SUPERMEMORY_PURGE=skip`,
    `if it was renamed or moved, set SUPERMEMORY_ACCEPT_STATE_OF=${value} for this command, or run pulumi up first`,
  ]);
}

function nameOfOwner({ project, stack }: Owner): string {
  return `${project ?? ""}/${stack ?? ""}`;
}
