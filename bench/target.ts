/** A target: times faster than the peer, at most this share of the peer's value, or an absolute limit for our own. */
export type Target = { readonly timesFaster: number } | { readonly atMost: number } | { readonly withinMiB: number };

/** How many times faster than the peer, or our share of the peer's value. */
export function ratioOf(target: Target, ours: number, peer: number): number {
  return "timesFaster" in target ? peer / ours : ours / peer;
}

export function isReached(target: Target, { ours, ratio }: { readonly ours: number; readonly ratio: number }): boolean {
  if ("withinMiB" in target) return ours <= target.withinMiB;
  return "timesFaster" in target ? ratio >= target.timesFaster : ratio <= target.atMost;
}

/** "at least 20 times faster", "within 400 MiB", "at most 1.10". */
export function inWords(target: Target): string {
  if ("timesFaster" in target) return `at least ${target.timesFaster} times faster`;
  if ("withinMiB" in target) return `within ${target.withinMiB} MiB`;
  return `at most ${target.atMost.toFixed(2)}`;
}
