/** How a request ended: the API asked to wait until a time, answered otherwise, or gave no answer. */
export type Ending = { readonly waitUntil: number } | "answered" | "lost";

/**
 * What an API that asks to wait may expect of all requests of a process together; notes each one that is sent before the
 * time is over, or beside the one that asks whether the others may go on.
 */
export class Manners {
  readonly breaches: string[] = [];
  /** Requests that were sent alone after a wait. */
  probes = 0;
  #waitUntil = 0;
  #asks = 0;
  #mayGoOn = true;
  #probing = false;

  /** A request is sent; call what it returns when it has ended. */
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
