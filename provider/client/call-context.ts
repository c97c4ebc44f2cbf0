import type { ApiFailure } from "../errors";
import type { ApiVersion } from "./api";
import type { Deadline } from "./deadline";
import type { RetryPolicy } from "./retry";

/** What one operation brings to each of its requests. */
export interface CallContext {
  readonly deadline: Deadline;
  readonly policy: RetryPolicy;
  /** Asked right before each attempt of a deleting request; throws to stop it. */
  readonly beforeMutation?: () => Promise<void>;
  /** Told of each attempt right before it is sent, to count them. */
  readonly onAttempt?: (mutating: boolean) => void;
  /** Told which generation the next request is for, where that can change; throws to stop it. */
  readonly onApiVersion?: (generation: ApiVersion) => void;
  /** Told what time it is by the API's clock, of each answer that says so (milliseconds since the epoch); throws to stop. */
  readonly onServerTime?: (time: number) => void;
  /** Told of each wait, for a status line. */
  readonly onWait?: (wait: Wait) => void;
}

/** A pause before a request is sent again. */
export interface Wait {
  readonly reason: ApiFailure["kind"];
  /** What the API answered, when it did. */
  readonly status: number | undefined;
  readonly ms: number;
}
