import { type Observation } from "./observation";

/** An accepted difference between the engines, with the reason. */
interface Difference {
  readonly what: string;
  readonly reason: string;
  readonly remove: (seen: Observation) => Observation;
}

const containerList = "GET /v3/container-tags/list";

export const differences: readonly Difference[] = [
  {
    what: "how often containers are listed",
    reason: "after a purge, the look for memories is sent only while no other request needs its place",
    remove: (seen) => ({ ...seen, requests: seen.requests.filter((request) => !request.startsWith(containerList)) }),
  },
  {
    what: "the outputs of the stack and of components, from a step that failed until an up that succeeds",
    reason: "the program sends them while the failure stops the engine, so either may come first",
    remove: (seen) => (seen.hasRacedOutputs ? { ...seen, state: seen.state.map(withoutComponentOutputs) } : seen),
  },
  {
    what: "after a step that failed, which resources it names as unchanged",
    reason: "the CLI also names resources of the state that the program did not register before the failure",
    remove: (seen) => (seen.ok ? seen : { ...seen, steps: seen.steps.filter((step) => !step.startsWith("same ")) }),
  },
];

export function withoutKnown(seen: Observation): Observation {
  return differences.reduce((rest, { remove }) => remove(rest), seen);
}

function withoutComponentOutputs(resource: Observation["state"][number]): Observation["state"][number] {
  if (resource["custom"] !== false) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== "outputs"));
}
