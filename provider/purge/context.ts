import type { CallContext } from "../client/call-context";
import type { PurgeSession } from "./types";

/** What each request of a purge is sent with. */
export function contextOf(session: PurgeSession): CallContext {
  const { beforeMutation, deadline, onAttempt, onServerTime, onWait, policy } = session;
  return {
    beforeMutation,
    deadline,
    onAttempt,
    onWait,
    policy,
    ...(onServerTime === undefined ? {} : { onServerTime }),
  };
}
