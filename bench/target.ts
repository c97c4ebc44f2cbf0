/** What is to be reached: so many times faster than the peer, or so much of what the peer takes. */
export type Target = { readonly timesFaster: number } | { readonly atMost: number };

/** The number that a target speaks of. */
export function ratioOf(target: Target, ours: number, peer: number): number {
  return "timesFaster" in target ? peer / ours : ours / peer;
}

export function isReached(target: Target, ratio: number): boolean {
  return "timesFaster" in target ? ratio >= target.timesFaster : ratio <= target.atMost;
}

/** "at least 20 times faster", "at most 1.10". */
export function inWords(target: Target): string {
  if ("timesFaster" in target) return `at least ${target.timesFaster} times faster`;
  return `at most ${target.atMost.toFixed(2)}`;
}
