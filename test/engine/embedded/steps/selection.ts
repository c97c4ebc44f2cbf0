import { isProvider, requirements, type ResourceState } from "../state/resource-state";
import { rootType, typeOf } from "../state/urn";

export class Selection {
  readonly #target: ReadonlySet<string>;
  readonly #replace: ReadonlySet<string>;

  constructor({ target, replace }: { readonly target?: readonly string[]; readonly replace?: readonly string[] }) {
    this.#target = new Set(target);
    this.#replace = new Set(replace);
  }

  get hasTargets(): boolean {
    return this.#target.size > 0;
  }

  get isNarrow(): boolean {
    return this.hasTargets || this.#replace.size > 0;
  }

  /** Whether an update includes the resource. It always includes the stack and providers. */
  includes(urn: string): boolean {
    const type = typeOf(urn);
    return type === rootType || isProvider({ type }) || this.names(urn);
  }

  /** Whether the resource is a target, or there are no targets. */
  names(urn: string): boolean {
    return !this.hasTargets || this.#target.has(urn);
  }

  replaces(urn: string): boolean {
    return this.#replace.has(urn);
  }

  /** The URNs of --target or --replace that are not among `known`. */
  missing(option: "target" | "replace", known: readonly string[]): readonly string[] {
    return [...(option === "target" ? this.#target : this.#replace)].filter((urn) => !known.includes(urn));
  }

  /** The targets, and the resources that depend on them. Without targets, all resources. */
  withDependents(resources: readonly ResourceState[]): ReadonlySet<ResourceState> {
    const targets = resources.filter(({ urn }) => this.names(urn));
    return reached(targets, (one) => resources.filter((other) => requirements(other).includes(one.urn)));
  }
}

/** The resources that the steps of `next` lead to, the first ones included. */
export function reached(
  first: readonly ResourceState[],
  next: (one: ResourceState) => readonly ResourceState[],
): ReadonlySet<ResourceState> {
  const found = new Set(first);
  for (const one of found) for (const other of next(one)) found.add(other);
  return found;
}
