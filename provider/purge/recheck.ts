import type { Freshness, Look } from "./freshness";
import type { PurgeRequest, PurgeSession, TagPlan } from "./types";

/** Ends the purge of a container that has to be kept. */
export class ContainerKept extends Error {
  override readonly name = "ContainerKept";

  constructor(readonly reason: string) {
    super(reason);
  }
}

/** Whether one container is still to be purged: asked before its first delete, and again after each wait. */
export class Recheck {
  #last: Look | undefined;

  constructor(
    private readonly recheck: PurgeRequest["recheck"],
    private readonly freshness: Freshness,
  ) {}

  /** @throws ContainerKept */
  async ask(plan: TagPlan, session: PurgeSession): Promise<void> {
    if (this.recheck === undefined || (this.#last !== undefined && this.freshness.isFresh(this.#last))) return;
    const asked = this.freshness.now();
    const { look = asked, reason } = await this.recheck(plan, session, this.freshness);
    if (reason !== undefined) throw new ContainerKept(reason);
    this.#last = look;
  }
}
