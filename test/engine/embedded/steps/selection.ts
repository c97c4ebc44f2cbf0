import { isProvider, requirements, type ResourceState } from "../state/resource-state";
import { rootType, typeOf } from "../state/urn";

/** Which resources a command is about: --target, --exclude and --replace, each a URN in which * and ** may stand. */
export class Selection {
  readonly #target: readonly RegExp[];
  readonly #exclude: readonly RegExp[];
  readonly #replace: readonly RegExp[];

  constructor(options: {
    readonly target?: readonly string[] | undefined;
    readonly exclude?: readonly string[] | undefined;
    readonly replace?: readonly string[] | undefined;
  }) {
    this.#target = (options.target ?? []).map(pattern);
    this.#exclude = (options.exclude ?? []).map(pattern);
    this.#replace = (options.replace ?? []).map(pattern);
  }

  /** Whether an update or refresh is about the resource; the stack and providers always belong to it. */
  includes(urn: string): boolean {
    const type = typeOf(urn);
    if (type === rootType || isProvider({ type })) return true;
    return this.names(urn);
  }

  /** Whether the resource is a target, or not excluded. */
  names(urn: string): boolean {
    if (this.#target.length > 0) return this.#target.some((one) => one.test(urn));
    return !this.#exclude.some((one) => one.test(urn));
  }

  get hasTargets(): boolean {
    return this.#target.length > 0;
  }

  replaces(urn: string): boolean {
    return this.#replace.some((one) => one.test(urn));
  }

  /** Which of `resources` may be deleted, and which of these would have to go with a target without having been named. */
  deletable(resources: readonly ResourceState[]) {
    if (this.#target.length > 0) {
      const named = resources.filter((resource) => this.names(resource.urn));
      const reached = closure(named, resources, (one, other) => requirements(other).includes(one.urn));
      return { allowed: reached, unnamed: [...reached].filter((resource) => !named.includes(resource)) };
    }
    if (this.#exclude.length === 0) return { allowed: new Set(resources), unnamed: [] };
    const kept = resources.filter((resource) => !this.names(resource.urn));
    const needed = closure(kept, resources, (one, other) => requirements(one).includes(other.urn));
    return { allowed: new Set(resources.filter((resource) => !needed.has(resource))), unnamed: [] };
  }
}

function pattern(urn: string): RegExp {
  const parts = urn.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    return part === "*" ? "[^:]*" : part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}

function closure(
  from: readonly ResourceState[],
  all: readonly ResourceState[],
  leadsTo: (one: ResourceState, other: ResourceState) => boolean,
): Set<ResourceState> {
  const reached = new Set(from);
  for (const one of reached) {
    for (const other of all) if (leadsTo(one, other)) reached.add(other);
  }
  return reached;
}
