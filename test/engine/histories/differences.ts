import { type Observation } from "./observation";

/** A difference between the engines that stays, with the reason, and how to take it out of what is compared. */
interface Difference {
  readonly what: string;
  readonly reason: string;
  readonly remove: (seen: Observation) => Observation;
}

export const differences: readonly Difference[] = [
  {
    what: "after a step that failed, the outputs of a component",
    reason: "the program sends them while the failure stops the engine, so it is chance whether they are stored",
    remove: (seen) => (seen.ok ? seen : { ...seen, state: seen.state.map(withoutComponentOutputs) }),
  },
];

/** An observation without the differences that stay. */
export function withoutKnown(seen: Observation): Observation {
  return differences.reduce((rest, { remove }) => remove(rest), seen);
}

function withoutComponentOutputs(resource: Observation["state"][number]): Observation["state"][number] {
  if (resource["custom"] !== false || resource["type"] === "pulumi:pulumi:Stack") return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== "outputs"));
}
