import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Answers after which garbage is collected: the pages and deletes of some 22,000 documents. */
const everyAnswers = 450;

/**
 * Keeps memory flat over very many answers. V8 takes what it reads of a page for something that lives long, and by itself
 * lets the garbage of that grow to a multiple of what lives: a hundred MiB more for a million documents.
 */
export class GarbageCollector {
  #answers = 0;
  #collect: (() => void) | undefined;

  /** @param prepare for tests */
  constructor(private readonly prepare: () => () => void = collector) {}

  /** Call it once for each answer. */
  answered(): void {
    this.#answers += 1;
    if (this.#answers % everyAnswers > 0) return;
    this.#collect ??= this.prepare();
    this.#collect();
  }
}

/** Node has no other way to a collection than its `gc`, which it hides from programs unless it is asked at the start. */
export function collector(): () => void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  return () => {
    if (typeof collect === "function") Reflect.apply(collect, undefined, []);
  };
}
