/** How a request ended: the API asked to wait until a time, responded otherwise, or did not respond. */
export type Ending = { readonly waitUntil: number } | "answered" | "lost";

/**
 * The rules for the requests of one process when the API asks to wait. Records each request that is sent too early, or
 * beside the probe.
 */
export class Manners {
  readonly breaches: string[] = [];
  probes = 0;
  #waitUntil = 0;
  #asks = 0;
  #mayGoOn = true;
  #probing = false;

  /** Call it when a request is sent, and its result when the request has ended. */
  sent(now: number): (ending: Ending) => void {
    const asks = this.#asks;
    const isProbe = !this.#mayGoOn;
    if (isProbe) {
      if (now < this.#waitUntil) this.breaches.push(`sent ${this.#waitUntil - now} ms too early`);
      if (this.#probing) this.breaches.push("sent beside a probe");
      this.#probing = true;
      this.probes += 1;
    }
    return (ending) => {
      if (isProbe) this.#probing = false;
      if (typeof ending === "object") {
        this.#asks += 1;
        this.#mayGoOn = false;
        this.#waitUntil = Math.max(this.#waitUntil, ending.waitUntil);
      } else if (isProbe && ending === "answered" && asks === this.#asks) this.#mayGoOn = true;
    };
  }
}
