import type { ApiError } from "../errors";

/**
 * A place in the limiter for requests that belong together, such as a list and the delete that depends on it. They are
 * sent without waiting in between. See `HttpClient.unit`.
 */
export class Place {
  /** A delete was sent in this place. */
  deleteSent = false;
  /** The API responded to a request in this place. */
  responded = false;

  constructor(
    /** The API asked to wait before this place could be used, or the unit is repeated. */
    readonly waited: boolean,
    /** Whether the API has not asked any request to wait since the place was taken. */
    readonly isUndisturbed: () => boolean,
  ) {}
}

/**
 * Ends a unit, which then gives up its place, waits, and starts again. It is no `ApiError`, because code that handles
 * failed responses must let it pass.
 */
export class RepeatUnit extends Error {
  override readonly name = "RepeatUnit";

  constructor(override readonly cause: ApiError) {
    super(cause.message);
  }
}
