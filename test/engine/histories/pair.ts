import { isDeepStrictEqual } from "node:util";
import { type Engine } from "../types";
import { withoutKnown } from "./differences";
import { type History } from "./history";
import { type Observation } from "./observation";
import { Side } from "./side";

export interface Pair {
  /** Runs a history on both. @throws Error with the first difference: the step, the part and the lines */
  readonly compare: (history: History) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openPair(one: Engine, other: Engine): Promise<Pair> {
  const sides = await Promise.all([Side.open(one), Side.open(other)]);
  return {
    compare: async (history) => {
      const [left, right] = [sides[0].run(history), sides[1].run(history)];
      for (const [at] of history.steps.entries()) {
        const seen = await Promise.all([left.next(), right.next()]);
        if (seen[0].done === true || seen[1].done === true) throw new Error("a side ended before its history did");
        const difference = differenceOf(withoutKnown(seen[0].value), withoutKnown(seen[1].value));
        if (difference === undefined) continue;
        const names = `${one.name} and ${other.name} differ in step ${at + 1}`;
        const output = [seen[0].value.output, seen[1].value.output].map((text) => text.replace(/^/gm, "    "));
        throw new Error([`${names}, ${difference}`, one.name, output[0], other.name, output[1]].join("\n"));
      }
    },
    close: async () => {
      await Promise.all(sides.map((side) => side.close()));
    },
  };
}

/** The first part in which they differ, and its lines that only one has. */
function differenceOf(one: Observation, other: Observation): string | undefined {
  const parts = ["ok", "calls", "state", "requests", "ledger", "containers", "steps"] as const;
  const part = parts.find((name) => !isDeepStrictEqual(one[name], other[name]));
  if (part === undefined) return undefined;
  const [left, right] = [linesOf(one[part]), linesOf(other[part])];
  const [onlyLeft, onlyRight] = [without(left, right), without(right, left)];
  // Of equal lines in another order, those at other places are shown.
  const isOrder = onlyLeft.length === 0 && onlyRight.length === 0;
  const shown = isOrder ? [moved(left, right), moved(right, left)] : [onlyLeft, onlyRight];
  const lines = shown.flatMap((list, side) => list.slice(0, 40).map((line) => `${side === 0 ? "-" : "+"} ${line}`));
  return [`${part}:`, ...lines].join("\n");
}

function moved(lines: readonly string[], others: readonly string[]): readonly string[] {
  return lines.filter((line, at) => line !== others[at]);
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  return lines.filter((line) => !others.includes(line));
}

function linesOf(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [`${path} ${JSON.stringify(value)}`];
  const entries = Object.entries(value);
  if (entries.length === 0) return [`${path} ${JSON.stringify(value)}`];
  return entries.flatMap(([key, item]) => linesOf(item, `${path}.${labelOf(item) ?? key}`));
}

/** Resources and calls are named by their URN instead of their index. */
function labelOf(item: unknown): string | undefined {
  const urn = typeof item === "object" && item !== null && "urn" in item ? item.urn : undefined;
  return typeof urn === "string" ? urn.split("::").slice(2).join("::") : undefined;
}
