import type { CallContext } from "../client/call-context";
import type { PurgeSession } from "./types";

/** What each request of a purge is sent with. */
export function contextOf(session: PurgeSession): CallContext {
  const { beforeMutation, deadline, onAttempt, onApiVersion, onServerTime, onWait, policy } = session;
  return {
    beforeMutation,
    deadline,
    onAttempt,
    onWait,
    policy,
    ...(onApiVersion === undefined ? {} : { onApiVersion }),
    ...(onServerTime === undefined ? {} : { onServerTime }),
  };
}
