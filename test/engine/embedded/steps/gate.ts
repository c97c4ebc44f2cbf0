/** A promise that is opened once from outside. */
export class Gate {
  isOpen = false;
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => {
    this.open = () => {
      this.isOpen = true;
      resolve();
    };
  });
}

/** Runs `act` when `signal` is aborted, at once when it is already, until `over`. */
export function when(signal: AbortSignal | undefined, over: AbortSignal, act: () => void): void {
  if (signal?.aborted === true) act();
  else signal?.addEventListener("abort", act, { once: true, signal: over });
}
