/**
 * Works on items, at most `max` at a time, and takes an item only when there is room. After the first failure no item is
 * begun. Work in flight still ends, and then the failure is thrown.
 */
export async function inParallel<T>(items: Iterable<T>, max: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    while (failures.length === 0) {
      try {
        const next = rest.next();
        if (next.done === true) return;
        await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, max) }, worker));
  if (failures.length > 0) throw failures[0];
}
