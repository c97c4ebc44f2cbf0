import { withReferences, type ResourceState } from "./resource-state";

/** The state during a deployment: the resources that it has processed, then those that it has not. */
export class Snapshot {
  #olds: ResourceState[];
  #news: ResourceState[] = [];
  /** The state at the begin of the deployment. */
  readonly before: ReadonlyMap<string, ResourceState>;

  constructor(
    resources: readonly ResourceState[],
    private readonly save: (resources: readonly ResourceState[]) => void,
  ) {
    this.#olds = [...resources];
    const current = resources.filter((resource) => resource.delete !== true);
    this.before = new Map(current.map((resource) => [resource.urn, resource]));
  }

  /** The old state of a resource that this deployment has not processed yet. */
  old(urn: string): ResourceState | undefined {
    return this.#olds.find((resource) => resource.urn === urn && resource.delete !== true);
  }

  get olds(): readonly ResourceState[] {
    return this.#olds;
  }

  get news(): readonly ResourceState[] {
    return this.#news;
  }

  get all(): readonly ResourceState[] {
    return [...this.#news, ...this.#olds];
  }

  commit(next: ResourceState, old?: ResourceState): void {
    if (old !== undefined) this.#olds = this.#olds.filter((resource) => resource !== old);
    const renamed = old !== undefined && old.urn !== next.urn ? ([old.urn, next.urn] as const) : undefined;
    this.#news.push(next);
    if (renamed !== undefined) this.#rename(...renamed);
    this.save(this.all);
  }

  exchange(before: ResourceState, next: ResourceState): void {
    const swap = (resource: ResourceState) => (resource === before ? next : resource);
    this.#olds = this.#olds.map(swap);
    this.#news = this.#news.map(swap);
    this.save(this.all);
  }

  drop(gone: ResourceState): void {
    this.#olds = this.#olds.filter((resource) => resource !== gone);
    this.#news = this.#news.filter((resource) => resource !== gone);
    this.save(this.all);
  }

  /** Updates references to a renamed resource in the resources that are not processed yet. */
  #rename(before: string, now: string): void {
    this.#olds = this.#olds.map((resource) => withReferences(resource, (urn) => (urn === before ? now : urn)));
  }
}
