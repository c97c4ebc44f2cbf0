import type { Behaviour } from "./behaviour";

/** The entries of one container in a list of containers. */
export function withDuplicate<T>({ duplicateContainers }: Behaviour, entry: T, stale: T): readonly T[] {
  switch (duplicateContainers) {
    case "none":
      return [entry];
    case "staleFirst":
      return [stale, entry];
    case "staleLast":
      return [entry, stale];
  }
}
