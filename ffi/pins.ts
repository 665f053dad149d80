import { BPFFS } from "./bpffs.ts";
import { DataplaneError } from "./errors.ts";
import { PinDirectory } from "./pin_directory.ts";

const NAME = /^[a-zA-Z0-9_-]{1,32}$/;

/** The pins of one balancer: `<bpffs>/weir/<balancer>/`. */
export class Pins extends PinDirectory {
  readonly balancer: string;
  readonly #bpffs: string;

  /**
   * @param balancer Name of the balancer.
   * @param bpffs Mount point.
   * @throws {DataplaneError} When the name is none.
   */
  constructor(balancer: string, bpffs: string = BPFFS) {
    if (!NAME.test(balancer)) {
      throw new DataplaneError({
        action: "name a balancer",
        object: balancer,
        errno: null,
        reason: 'want 1 to 32 letters, digits, "_" or "-"',
        hint: null,
      });
    }
    super(rootOf(bpffs), balancer);
    this.balancer = balancer;
    this.#bpffs = bpffs;
  }

  /**
   * Lists the balancers of this host.
   *
   * @param bpffs Mount point.
   * @returns Names in order.
   */
  static override list(bpffs: string = BPFFS): readonly string[] {
    return PinDirectory.list(rootOf(bpffs));
  }

  /**
   * Fails unless the balancer is there.
   *
   * @throws {DataplaneError} Naming those that are.
   */
  requireExisting(): void {
    if (this.exists()) return;
    const others = Pins.list(this.#bpffs);
    throw new DataplaneError({
      action: "find balancer",
      object: this.balancer,
      errno: null,
      reason: others.length === 0
        ? "no balancer is attached"
        : `attached are ${others.map((name) => `"${name}"`).join(", ")}`,
      hint: others.length === 0 ? 'attach one with "weir attach"' : null,
    });
  }
}

function rootOf(bpffs: string): string {
  return `${bpffs}/weir`;
}
