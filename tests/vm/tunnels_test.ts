/**
 * TCP through the balancer to reals that decapsulate with the kernel's own tunnel devices: what
 * the outer headers must look like, a kernel says.
 */
import assert from "node:assert/strict";
import { run } from "../../scripts/lab/command.ts";
import {
  type LabReal,
  LoadBalancerLab,
  VIP_V4,
  VIP_V6,
} from "../../scripts/lab/load_balancer_lab.ts";
import type { Namespace } from "../../scripts/lab/namespace.ts";
import { guestTest } from "./guest_test_case.ts";

const BALANCER = "tunnels";
const GUE_PORT = 6080;
/** tunl0, sit0 and ip6tnl0 come with their modules, in every namespace made later. */
const MODULES = ["ipip", "sit", "ip6_tunnel", "fou", "fou6"];

interface Row {
  readonly vip: "v4" | "v6";
  readonly real: "v4" | "v6";
  readonly encap: "ipip" | "gue";
  /** How the real listens on the GUE port. */
  readonly fou?: "gue" | "ipproto 4" | "ipproto 41";
  /** The device that must see the inner packets. */
  readonly device: string;
}

/** "gue" takes variant 1, an IP packet right behind UDP, whose first nibble tells the family; a plain
 * fou port takes one family. */
const ROWS: readonly Row[] = [
  { vip: "v4", real: "v4", encap: "ipip", device: "tunl0" },
  { vip: "v6", real: "v4", encap: "ipip", device: "sit0" },
  { vip: "v4", real: "v6", encap: "ipip", device: "ip6tnl0" },
  { vip: "v6", real: "v6", encap: "ipip", device: "ip6tnl0" },
  { vip: "v4", real: "v4", encap: "gue", fou: "gue", device: "tunl0" },
  { vip: "v6", real: "v4", encap: "gue", fou: "gue", device: "sit0" },
  { vip: "v4", real: "v6", encap: "gue", fou: "gue", device: "ip6tnl0" },
  { vip: "v6", real: "v6", encap: "gue", fou: "gue", device: "ip6tnl0" },
  { vip: "v4", real: "v4", encap: "gue", fou: "ipproto 4", device: "tunl0" },
  { vip: "v6", real: "v4", encap: "gue", fou: "ipproto 41", device: "sit0" },
];

guestTest("TCP reaches reals through the kernel's ipip, sit, ip6tnl and fou", async (t) => {
  await run(["modprobe", "--all", ...MODULES]);
  await using lab = await LoadBalancerLab.create({ name: "weir-tun", reals: 1, webServers: true });
  const [real] = lab.reals;
  assert.ok(real !== undefined);
  await openTunnels(real.namespace);
  await attach(lab);
  lab.defer(async () => void await lab.weir(lab.balancer, ["detach", "--balancer", BALANCER]));
  for (const row of ROWS) {
    const by = row.fou === undefined ? row.device : `fou port with ${row.fou}, ${row.device}`;
    await t.step(`${row.encap}: VIP ${row.vip}, real ${row.real} by ${by}`, async () => {
      await applyRow(lab, real, row);
      await using _port = await openFou(real.namespace, row);
      const before = await received(real.namespace, row.device);
      const vip = row.vip === "v4" ? VIP_V4 : `[${VIP_V6}]`;
      const answer = await lab.client.run(["curl", "-sS", "--max-time", "10", `http://${vip}/`]);
      assert.equal(answer.trim(), real.name);
      const packets = await received(real.namespace, row.device) - before;
      // SYN, ACK, request, FIN, and an ACK or two.
      assert.ok(packets >= 4, `"${row.device}" saw ${packets} packets`);
    });
  }
});

async function openTunnels(real: Namespace): Promise<void> {
  // Both inner families over IPv6; the default device takes IPv6 only.
  await real.run(["ip", "-6", "tunnel", "change", "ip6tnl0", "mode", "any"]);
  for (const device of ["tunl0", "sit0", "ip6tnl0"]) {
    await real.run(["ip", "link", "set", device, "up"]);
    await real.sysctl(`net.ipv4.conf.${device}.rp_filter=0`);
  }
}

async function openFou(namespace: Namespace, { real, fou }: Row): Promise<AsyncDisposable> {
  const port = ["port", `${GUE_PORT}`, ...(real === "v6" ? ["-6"] : [])];
  if (fou !== undefined) await namespace.run(["ip", "fou", "add", ...port, ...fou.split(" ")]);
  return {
    async [Symbol.asyncDispose]() {
      if (fou !== undefined) await namespace.run(["ip", "fou", "del", ...port]);
    },
  };
}

const SETTINGS = {
  gue: { port: GUE_PORT, "source-v4": "10.10.2.2", "source-v6": "fd00:10:2::2" },
};

async function attach(lab: LoadBalancerLab): Promise<void> {
  await withFile({ balancer: SETTINGS, vips: [] }, async (file) => {
    const options = ["--mode", "native", "--feature", "all", "--file", file];
    await lab.weir(lab.balancer, ["attach", "eth0", "--balancer", BALANCER, ...options]);
  });
}

async function applyRow(lab: LoadBalancerLab, real: LabReal, row: Row): Promise<void> {
  const address = row.vip === "v4" ? VIP_V4 : VIP_V6;
  const reals = [{ address: real[row.real], weight: 1 }];
  const vips = [{ address, port: 80, protocol: "tcp", encap: row.encap, reals }];
  await withFile({ balancer: SETTINGS, vips }, async (file) => {
    await lab.weir(lab.balancer, ["apply", "--balancer", BALANCER, "--file", file]);
  });
}

/** A configuration as a file: JSON is YAML. */
async function withFile(config: unknown, use: (file: string) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(file, JSON.stringify(config));
  await use(file);
  await Deno.remove(file);
}

async function received(namespace: Namespace, device: string): Promise<number> {
  const text = await namespace.run(["ip", "-json", "-stats", "link", "show", "dev", device]);
  const [link] = JSON.parse(text);
  return link.stats64.rx.packets;
}
