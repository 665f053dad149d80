const SECOND = 1_000_000_000n;

/** Lets the first so many events of a window of a second pass. One for all CPUs, in the model. */
export class RateGate {
  readonly #limit: number;
  #since = 0n;
  #count = 0;

  /** @param limit Events of a window that pass; 0: all of them. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether an event at `now` (ns) passes. A window begins at the first event a second later. */
  lets(now: bigint): boolean {
    if (this.#limit === 0) return true;
    if (now - this.#since > SECOND) {
      this.#since = now;
      this.#count = 0;
    }
    this.#count++;
    return this.#count <= this.#limit;
  }
}
