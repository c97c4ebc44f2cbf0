import { type Goal } from "../program/goal";
import { Halted } from "./phase";
import { type Provider } from "../provider/providers";
import { type ResourceState } from "../state/resource-state";
import { changedKeys, hasUnknown, sameValue, type Properties } from "../state/values";

export type Verdict =
  | { readonly kind: "same" }
  | { readonly kind: "update" }
  | { readonly kind: "replace"; readonly deleteBefore: boolean };

/** Compares what there is with what the program wants, asking the provider unless a replacement is certain anyway. */
export async function judge(question: {
  readonly goal: Goal;
  readonly old: ResourceState;
  readonly inputs: Properties;
  readonly provider: Provider | undefined;
  readonly forced: boolean;
  readonly replaced: ReadonlySet<string>;
  readonly halt: AbortSignal;
}): Promise<Verdict> {
  const { goal, old, inputs, provider, replaced } = question;
  const replacement = { kind: "replace", deleteBefore: goal.deleteBeforeReplace ?? false } as const;
  const follows = [...goal.replaceWith, goal.deletedWith].some((urn) => replaced.has(urn));
  if (question.forced || follows || triggered(goal, old)) return replacement;
  const changes = changedKeys(old.inputs, inputs);
  if (provider === undefined) {
    if (old.pendingReplacement === true) return replacement;
    return { kind: changes.length > 0 ? "update" : "same" };
  }
  const diff = await provider.diff(old, old.outputs, inputs, old.inputs);
  if (question.halt.aborted) throw new Halted();
  const changed = diff.changes ?? changes.length > 0;
  const mustReplace = diff.changes === undefined && changes.some((key) => goal.replaceOnChanges.includes(key));
  if (old.pendingReplacement === true || (changed && (diff.replaces.length > 0 || mustReplace))) {
    return { kind: "replace", deleteBefore: goal.deleteBeforeReplace ?? diff.deleteBeforeReplace };
  }
  return { kind: changed || (old.initErrors ?? []).length > 0 ? "update" : "same" };
}

/** A replacement trigger that was there before and is another one now; what is unknown counts as another. */
function triggered(goal: Goal, old: ResourceState): boolean {
  const [now, before] = [goal.replacementTrigger ?? null, old.replacementTrigger ?? null];
  if (hasUnknown(now) || hasUnknown(before)) return true;
  return now !== null && before !== null && !sameValue(now, before);
}
