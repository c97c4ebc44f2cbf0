import type { Host } from "../host/host";
import { countTimeoutMs } from "../host/session";
import { contextOf } from "../purge/context";
import type { PurgeArgs } from "./args";
import { refusedOnV5 } from "./messages";

/**
 * Warns of a destroy that API v5 would refuse, in every preview and up of a resource. A destroy does not read the
 * program, so that is the time to change it. It takes one request, and only for a resource with such arguments.
 */
export async function warnOfRefusalOnV5(
  host: Host,
  urn: string | undefined,
  { inputs, method }: PurgeArgs,
): Promise<void> {
  if (method.kind !== "ids" || method.sharedDocuments === "delete" || !inputs.purgeOn.includes("delete")) return;
  const settings = host.settings();
  const [containerTag] = inputs.containerTags;
  const asks = settings.apiVersion === "auto" && settings.apiKey !== undefined && !host.overrides().skip;
  if (!asks || containerTag === undefined) return;
  // A list that fails is reported where its result is needed.
  const version = await host
    .session({ mode: "look", settings, urn, timeoutMs: countTimeoutMs({ kind: "tag" }) }, async (session) => {
      await session.api.list({ containerTag, page: 1, order: "desc" }, contextOf(session));
      return session.api.version;
    })
    .catch(() => undefined);
  if (version === "v5") host.log.warn(urn, refusedOnV5(method.sharedDocuments));
}
