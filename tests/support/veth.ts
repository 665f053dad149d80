let count = 0;

/** A pair of joined interfaces in this network namespace, without addresses; for attaching. */
export class VethPair implements Disposable {
  readonly name: string;
  readonly peer: string;

  /** @param mtu Of both ends, bytes. */
  constructor(mtu = 1500) {
    const id = `${Deno.pid % 100000}x${count++}`;
    this.name = `wa${id}`;
    this.peer = `wb${id}`;
    const peer = ["type", "veth", "peer", "name", this.peer, "mtu", `${mtu}`];
    ip(["link", "add", this.name, "mtu", `${mtu}`, ...peer]);
  }

  /** Switches both ends on; the kernel then sends what it sends on new links. */
  up(): void {
    for (const name of [this.name, this.peer]) ip(["link", "set", name, "up"]);
  }

  [Symbol.dispose](): void {
    ip(["link", "delete", this.name]);
  }
}

function ip(args: readonly string[]): void {
  const { success, stderr } = new Deno.Command("ip", { args: [...args] }).outputSync();
  if (!success) throw new Error(`ip ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
