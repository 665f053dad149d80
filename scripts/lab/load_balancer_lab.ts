import { link, Namespace } from "./namespace.ts";
import { startWebServer } from "./web_server.ts";
import { waitFor } from "./wait_for.ts";

/** A real of the laboratory. */
export interface LabReal {
  readonly name: string;
  readonly namespace: Namespace;
  readonly v4: string;
  readonly v6: string;
}

/** What a laboratory is made of. */
export interface LabOptions {
  /** Prefix of the namespaces' names, at most 8 characters. */
  readonly name: string;
  readonly reals: number;
  /** Start nginx on the reals. */
  readonly webServers?: boolean;
}

/** Addresses that clients talk to (RFC 5737, RFC 3849). */
export const VIP_V4 = "198.51.100.10";
export const VIP_V6 = "2001:db8::10";

/** Links behind the balancer carry the outer header on top of full-sized packets. */
const INNER_MTU = 1600;

/** How a `weir` command of the laboratory is started. */
export const WEIR: readonly string[] = [
  Deno.execPath(),
  "run",
  "-A",
  "--quiet",
  "--unstable-raw-imports",
  new URL("../../cli/main.ts", import.meta.url).pathname,
];

const PASS = new URL("../../dist/bpf/pass.bpf.o", import.meta.url).pathname;

/**
 * A client, a router, a balancer and reals, each in a namespace of its own:
 *
 *     client --- router --- balancer      VIPs are routed to the balancer,
 *                  |  \                   which sends back out of the same link;
 *               real1  real2 ...          reals answer the client directly.
 */
export class LoadBalancerLab implements AsyncDisposable {
  readonly client: Namespace;
  readonly router: Namespace;
  readonly balancer: Namespace;
  readonly reals: readonly LabReal[];
  readonly #open: AsyncDisposableStack;

  private constructor(
    client: Namespace,
    router: Namespace,
    balancer: Namespace,
    reals: readonly LabReal[],
    open: AsyncDisposableStack,
  ) {
    this.client = client;
    this.router = router;
    this.balancer = balancer;
    this.reals = reals;
    this.#open = open;
  }

  /** Builds everything up to the point where `weir attach eth0` can be run in `balancer`. */
  static async create(options: LabOptions): Promise<LoadBalancerLab> {
    await using open = new AsyncDisposableStack();
    const namespace = async (role: string) =>
      open.use(await Namespace.create(`${options.name}-${role}`));
    const router = await namespace("router");
    await router.sysctl("net.ipv4.ip_forward=1");
    await router.sysctl("net.ipv6.conf.all.forwarding=1");
    const client = await namespace("client");
    await join(client, router, "client", 1, 1500);
    const balancer = await namespace("lb");
    await join(balancer, router, "lb", 2, INNER_MTU);
    await router.run(["ip", "link", "set", "lb", "xdpdrv", "object", PASS, "section", "xdp"]);
    await router.run(["ip", "route", "add", `${VIP_V4}/32`, "via", "10.10.2.2"]);
    await router.run(["ip", "-6", "route", "add", `${VIP_V6}/128`, "via", "fd00:10:2::2"]);
    const reals: LabReal[] = [];
    for (let index = 1; index <= options.reals; index++) {
      const name = `real${index}`;
      const real = await namespace(name);
      await join(real, router, name, 10 + index, INNER_MTU);
      await real.run(["ip", "address", "add", `${VIP_V4}/32`, "dev", "lo"]);
      await real.run(["ip", "address", "add", `${VIP_V6}/128`, "dev", "lo", "nodad"]);
      reals.push({
        name,
        namespace: real,
        v4: `10.10.${10 + index}.2`,
        v6: `fd00:10:${10 + index}::2`,
      });
      if (options.webServers) {
        const folder = await Deno.makeTempDir({ prefix: "weir-web-" });
        open.defer(() => Deno.remove(folder, { recursive: true }));
        await startWebServer(real, name, folder);
      }
    }
    // The first packet through the balancer must not wait for a neighbour.
    await waitFor("the router", async () => {
      const tries = [...reals.flatMap(({ v4, v6 }) => [v4, v6]), "10.10.1.2", "fd00:10:1::2"];
      const pings = await Promise.all(
        tries.map((address) => balancer.capture(["ping", "-c1", "-W1", address])),
      );
      return pings.every(({ code }) => code === 0);
    });
    return new LoadBalancerLab(client, router, balancer, reals, open.move());
  }

  /** Runs `weir` in a namespace; it must succeed. */
  async weir(namespace: Namespace, args: readonly string[]): Promise<string> {
    return await namespace.run([...WEIR, ...args]);
  }

  /** Has something undone before the namespaces go. */
  defer(undo: () => Promise<void>): void {
    this.#open.defer(undo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }
}

/** Links a host to the router: 10.10.N.2 and fd00:10:N::2, the router has .1. */
async function join(
  host: Namespace,
  router: Namespace,
  device: string,
  net: number,
  mtu: number,
): Promise<void> {
  await link(
    { namespace: host, device: "eth0", addresses: [`10.10.${net}.2/24`, `fd00:10:${net}::2/64`] },
    { namespace: router, device, addresses: [`10.10.${net}.1/24`, `fd00:10:${net}::1/64`] },
    mtu,
  );
  await host.run(["ip", "route", "add", "default", "via", `10.10.${net}.1`]);
  await host.run(["ip", "-6", "route", "add", "default", "via", `fd00:10:${net}::1`]);
}
