/** Why the CLI could not be installed, in one sentence, then what to do. */
export class Problem extends Error {
  constructor(
    message: string,
    /** What the module proxy did; undefined when it is not the cause. */
    readonly proxy?: "refused" | "silent",
  ) {
    super(message);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
