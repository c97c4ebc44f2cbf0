import type { CallContext } from "../client/call-context";
import type { PurgeTools } from "./types";

/** What each request of a purge is sent with. */
export function contextOf(tools: PurgeTools): CallContext {
  const { beforeMutation, deadline, onAttempt, onGeneration, onServerTime, onWait, policy } = tools;
  return {
    beforeMutation,
    deadline,
    onAttempt,
    onWait,
    policy,
    ...(onGeneration === undefined ? {} : { onGeneration }),
    ...(onServerTime === undefined ? {} : { onServerTime }),
  };
}
