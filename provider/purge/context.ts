import type { CallContext } from "../client/call-context";
import type { PurgeSession } from "./types";

/** The part of a session that every request takes. */
export function contextOf(session: PurgeSession): CallContext {
  const { aside = false, beforeMutation, deadline, onAttempt, onServerTime, onWait, place, policy } = session;
  return {
    beforeMutation,
    aside,
    deadline,
    onAttempt,
    onWait,
    policy,
    ...(onServerTime === undefined ? {} : { onServerTime }),
    ...(place === undefined ? {} : { place }),
  };
}
