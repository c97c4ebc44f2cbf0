import { isProvider, requirements, type ResourceState } from "../state/resource-state";
import { rootType, typeOf } from "../state/urn";

/** The resources that --target and --replace name. */
export class Selection {
  readonly #target: ReadonlySet<string>;
  readonly #replace: ReadonlySet<string>;

  /** @throws Error for --exclude, which no scenario uses */
  constructor(options: {
    readonly target?: readonly string[] | undefined;
    readonly replace?: readonly string[] | undefined;
    readonly exclude?: readonly string[] | undefined;
  }) {
    if ((options.exclude ?? []).length > 0) {
      throw new Error("the embedded engine, a stand-in for the Pulumi CLI, does not support --exclude");
    }
    this.#target = new Set(options.target);
    this.#replace = new Set(options.replace);
  }

  get hasTargets(): boolean {
    return this.#target.size > 0;
  }

  /** Whether --target or --replace was given. */
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
    const named = option === "target" ? this.#target : this.#replace;
    return [...named].filter((urn) => !known.includes(urn));
  }

  /** The targets, and the resources that depend on them. Without targets, all resources. */
  withDependents(resources: readonly ResourceState[]): ReadonlySet<ResourceState> {
    const reached = new Set(resources.filter(({ urn }) => this.names(urn)));
    for (const one of reached) {
      for (const other of resources) if (requirements(other).includes(one.urn)) reached.add(other);
    }
    return reached;
  }
}
