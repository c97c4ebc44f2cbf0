import { openToy, urnOf, type Toy } from "./toy";
import { type DeploymentResource } from "./cli/deployment";
import { type Engine, type EngineStack, type StackOptions } from "./types";

/** A stack with the things of `program` created; by default one thing "a" with the tag "x". */
export async function openMade(
  engine: Engine,
  program = `thing("a", { tag: "x" })`,
  config: NonNullable<StackOptions["config"]> = {},
): Promise<Toy> {
  const toy = await openToy(engine, { config });
  toy.program(program);
  const run = await toy.stack.up(quick);
  if (!run.ok) throw new Error(run.output);
  toy.calls();
  return toy;
}

/** Skips the preview, which makes the same calls as the preview command. */
export const quick = { skipPreview: true };

export async function stateOf({ stack }: Toy, name: string): Promise<DeploymentResource | undefined> {
  return (await stack.export()).deployment.resources.find(({ urn }) => urn === urnOf(name));
}

export async function thingsIn(stack: EngineStack): Promise<readonly string[]> {
  const things = (await stack.export()).deployment.resources.filter(({ urn }) => urn.includes("toy:Thing"));
  return things.map(({ urn }) => urn.split("::").at(-1) ?? "").sort();
}
