/**
 * Numbers that look random and depend on nothing but a seed: splitmix, 32 bits (Steele, Lea and
 * Flood 2014, with the finalizer of MurmurHash3). Good enough to choose test packets.
 */
export class Random {
  #state: number;

  /** @param seed The low 32 bits count. */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 to 2^32 - 1. */
  u32(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let word = this.#state;
    word = Math.imul(word ^ word >>> 16, 0x85ebca6b);
    word = Math.imul(word ^ word >>> 13, 0xc2b2ae35);
    return (word ^ word >>> 16) >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.u32() / 2 ** 32 * limit);
  }

  /** `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `times`, on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /**
   * One of the choices, each as likely.
   *
   * @throws {RangeError} If there is none.
   */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError(`Cannot pick from "0" choices: expected 1`);
    return choices[this.below(choices.length)] as T;
  }

  /** The choices that chance keeps, each once in `times`, in their order. */
  some<T>(choices: readonly T[], times: number): readonly T[] {
    return choices.filter(() => this.oneIn(times));
  }

  /** This many bytes. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}
