import { libc } from "./libbpf/open.ts";

/** A file descriptor with one owner, who closes it by `using` or gives it away by `disown`. */
export class Fd implements Disposable {
  #fd: number | null;

  /** @param fd An open descriptor that nobody else closes. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * The number, for calls into C.
   *
   * @throws {TypeError} When it is closed or given away.
   */
  get number(): number {
    if (this.#fd === null) throw new TypeError("Cannot use a closed file descriptor");
    return this.#fd;
  }

  /**
   * Gives up ownership.
   *
   * @returns The number; the caller closes it.
   */
  disown(): number {
    const fd = this.number;
    this.#fd = null;
    return fd;
  }

  [Symbol.dispose](): void {
    if (this.#fd !== null) libc().close(this.#fd);
    this.#fd = null;
  }
}
