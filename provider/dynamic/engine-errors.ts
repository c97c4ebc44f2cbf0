import { messageOf } from "../errors";

/**
 * What the dynamic-provider server prints of an error beside reporting it: `${error}: ${error.stack}`. A person should
 * read it once, so ours say this instead, and `silence` drops the line.
 */
const alreadyReported = "pulumi-supermemory: already reported";

/** A failure as the engine takes it: the message for the resource's row, no stack. */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.stack = "";
  }

  override toString(): string {
    return alreadyReported;
  }
}

/**
 * A create or update that failed after its first delete. The engine keeps the resource with these properties, which
 * must repeat every input.
 */
export class InitFailure extends EngineError {
  readonly reasons: readonly string[];

  constructor(
    message: string,
    readonly id: string,
    readonly properties: Record<string, unknown>,
  ) {
    super(message);
    this.reasons = [message];
  }
}

/** Any error as one for the engine. Errors that are not ours keep their stack: they are bugs, and to be reported. */
export function engineError(error: unknown, isOurs: boolean): unknown {
  if (error instanceof EngineError || !isOurs) return error;
  return new EngineError(messageOf(error));
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
