import type { ApiFailure } from "../errors";
import type { Deadline } from "./deadline";
import type { Place } from "./place";
import type { RetryPolicy } from "./retry";

/** What one operation passes to each of its requests. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly policy: RetryPolicy;
  /** The request holds back no other, is sent once, and its response pauses nothing. Default false. */
  readonly aside?: boolean;
  /** The place in which the request is sent; without it, the request waits for one. */
  readonly place?: Place;
  /** Runs right before a delete is sent; throws to stop it. */
  readonly beforeMutation?: () => Promise<void>;
  /** Runs right before each attempt is sent, to count them. */
  readonly onAttempt?: (mutating: boolean) => void;
  /** Receives the API's clock (milliseconds since the epoch) from each response that contains it; throws to stop. */
  readonly onServerTime?: (time: number) => void;
  /** Receives each wait, for a status line. */
  readonly onWait?: (wait: Wait) => void;
}

/** A pause before a request is sent again. */
export interface Wait {
  readonly reason: ApiFailure["kind"];
  /** Undefined if there was no response. */
  readonly status: number | undefined;
  /** The response was an HTML page. */
  readonly foreign?: true;
  /** Why there is no connection. */
  readonly problem?: string;
  readonly ms: number;
  /** No request is sent before it is over. Default false. */
  readonly holdsAllBack?: boolean;
}
