import { capture, type CommandResult, run } from "./command.ts";

/**
 * A network namespace with its processes. Commands enter by nsenter and see the host's mounts:
 * `ip netns exec` would remount /sys and hide the pinned maps.
 */
export class Namespace implements AsyncDisposable {
  readonly name: string;
  readonly #children: Deno.ChildProcess[] = [];

  private constructor(name: string) {
    this.name = name;
  }

  /**
   * Makes a namespace with loopback up, IPv6 without duplicate address detection, and no
   * reverse-path filter: outer headers have sources that no route leads to.
   *
   * @param name Name under /run/netns.
   */
  static async create(name: string): Promise<Namespace> {
    await run(["ip", "netns", "add", name]);
    const namespace = new Namespace(name);
    await namespace.run(["ip", "link", "set", "lo", "up"]);
    for (
      const setting of [
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
        "net.ipv6.conf.all.accept_dad=0",
        "net.ipv6.conf.default.accept_dad=0",
        "net.ipv6.conf.default.router_solicitations=0",
      ]
    ) await namespace.sysctl(setting);
    return namespace;
  }

  /** The words in front of a command that put it into this namespace. */
  get enter(): readonly string[] {
    return ["nsenter", `--net=/run/netns/${this.name}`];
  }

  /** Sets `net.key=value`; /proc/sys/net is that of the namespace of who opens it. */
  async sysctl(assignment: string): Promise<void> {
    const [key = "", value = ""] = assignment.split("=");
    const path = `/proc/sys/${key.replaceAll(".", "/")}`;
    await this.run(["sh", "-c", `echo ${value} > ${path}`]);
  }

  /** Runs a command that must succeed; returns its output. */
  async run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return await run([...this.enter, ...argv], env);
  }

  /** Runs a command to its end, whatever that is. */
  async capture(
    argv: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    return await capture([...this.enter, ...argv], env);
  }

  /** Starts a process that lives until the namespace goes. */
  spawn(argv: readonly string[], options: Deno.CommandOptions = {}): Deno.ChildProcess {
    const [program = "", ...args] = [...this.enter, ...argv];
    const child = new Deno.Command(program, {
      stdin: "null",
      stdout: "null",
      stderr: "null",
      ...options,
      args,
    }).spawn();
    this.#children.push(child);
    return child;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended by itself.
      }
    }
    await Promise.all(this.#children.map((child) => child.status));
    await capture(["ip", "netns", "delete", this.name]);
  }
}

/** One end of a link: a namespace, its device and addresses with prefix length. */
export interface LinkEnd {
  readonly namespace: Namespace;
  readonly device: string;
  readonly addresses: readonly string[];
}

/**
 * Joins two namespaces by a veth pair. Transmit checksums are computed in software: the balancer
 * wraps packets as they are, and nobody behind it would fill in a checksum left to the hardware.
 *
 * @param mtu Of both ends, bytes.
 */
export async function link(a: LinkEnd, b: LinkEnd, mtu = 1500): Promise<void> {
  await run([
    ...["ip", "link", "add", a.device, "mtu", `${mtu}`, "netns", a.namespace.name],
    ...["type", "veth", "peer", "name", b.device, "mtu", `${mtu}`, "netns", b.namespace.name],
  ]);
  for (const { namespace, device, addresses } of [a, b]) {
    await namespace.run(["ethtool", "-K", device, "tx", "off"]);
    for (const address of addresses) {
      await namespace.run([
        "ip",
        "address",
        "add",
        address,
        "dev",
        device,
        ...(address.includes(":") ? ["nodad"] : []),
      ]);
    }
    await namespace.run(["ip", "link", "set", device, "up"]);
  }
}
