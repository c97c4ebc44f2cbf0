import fc from "fast-check";

/** One of these values, the ones with more weight more often. */
export function weighted<const T>(...values: readonly (readonly [weight: number, value: T])[]): fc.Arbitrary<T> {
  return fc.oneof(...values.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** Undefined, except once in `once` times. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>, once: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: once - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}
