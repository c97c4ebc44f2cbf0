import { SupermemoryError } from "../errors";
import { InitFailure } from "../host/apply";
import type { Properties } from "../util/values";

/**
 * The dynamic-provider server reports an error, and prints `${error}: ${error.stack}` as well. Our errors print this text
 * instead, and `silence` drops the line, so that the message is shown once.
 */
const alreadyReported = "pulumi-supermemory: already reported";

/** An error for the engine: the message for the resource's row, no stack. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.stack = "";
  }

  override toString(): string {
    return alreadyReported;
  }
}

/** A create or update that failed after its first delete. The engine keeps the resource with these properties. */
export class PartialFailure extends EngineError {
  readonly reasons: readonly string[];

  constructor(
    message: string,
    readonly id: string,
    readonly properties: Properties,
  ) {
    super(message);
    this.reasons = [message];
  }
}

/**
 * Any error as one for the engine. Errors that are not ours are bugs, and keep their stack.
 *
 * @param withHidden adds the hidden properties to the outputs of a partial failure
 */
export function engineError(error: unknown, withHidden: (outputs: Properties) => Properties): unknown {
  if (error instanceof InitFailure) return new PartialFailure(error.message, error.id, withHidden(error.outputs));
  return error instanceof SupermemoryError ? new EngineError(error.message) : error;
}

/** Keeps the dynamic-provider server from printing an error of ours a second time. */
export function silence(output: { error: (...data: unknown[]) => void }): void {
  const print = output.error.bind(output);
  output.error = (...data) => {
    const [first] = data;
    if (typeof first === "string" && first.startsWith(alreadyReported)) return;
    print(...data);
  };
}
