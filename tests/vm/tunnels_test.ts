/**
 * TCP through the balancer to reals that decapsulate with the kernel's own tunnel devices: what
 * the outer headers must look like, a kernel says.
 */
import assert from "node:assert/strict";
import {
  type LabReal,
  LoadBalancerLab,
  VIP_V4,
  VIP_V6,
} from "../../scripts/lab/load_balancer_lab.ts";
import type { Namespace } from "../../scripts/lab/namespace.ts";
import { guestTest } from "./guest_test_case.ts";
import { loadTunnelModules, openTunnels, received } from "./real_tunnels.ts";

const BALANCER = "tunnels";
const GUE_PORT = 6080;

/** A configuration: both VIPs on one address of the real. */
interface Way {
  readonly real: "v4" | "v6";
  readonly encap: "ipip" | "gue";
  readonly flows: readonly Flow[];
}

interface Flow {
  readonly vip: "v4" | "v6";
  /** The device that must see the inner packets. */
  readonly device: string;
  /** How the real listens on the GUE port. */
  readonly fou?: "gue" | "ipproto 4" | "ipproto 41";
}

/** "gue" takes variant 1, an IP packet right behind UDP, whose first nibble tells the family; a plain
 * fou port takes one family. */
const WAYS: readonly Way[] = [
  {
    real: "v4",
    encap: "ipip",
    flows: [{ vip: "v4", device: "tunl0" }, { vip: "v6", device: "sit0" }],
  },
  {
    real: "v6",
    encap: "ipip",
    flows: [{ vip: "v4", device: "ip6tnl0" }, { vip: "v6", device: "ip6tnl0" }],
  },
  {
    real: "v4",
    encap: "gue",
    flows: [
      { vip: "v4", device: "tunl0", fou: "gue" },
      { vip: "v6", device: "sit0", fou: "gue" },
      { vip: "v4", device: "tunl0", fou: "ipproto 4" },
      { vip: "v6", device: "sit0", fou: "ipproto 41" },
    ],
  },
  {
    real: "v6",
    encap: "gue",
    flows: [
      { vip: "v4", device: "ip6tnl0", fou: "gue" },
      { vip: "v6", device: "ip6tnl0", fou: "gue" },
    ],
  },
];

guestTest("TCP reaches reals through the kernel's ipip, sit, ip6tnl and fou", async (t) => {
  await loadTunnelModules();
  await using lab = await LoadBalancerLab.create({ name: "weir-tun", reals: 1, webServers: true });
  const [real] = lab.reals;
  assert.ok(real !== undefined);
  await openTunnels(real.namespace);
  const attach = ["attach", "eth0", "--mode", "native", "--feature", "all"];
  await lab.weir(lab.balancer, [...attach, "--balancer", BALANCER]);
  lab.defer(async () => void await lab.weir(lab.balancer, ["detach", "--balancer", BALANCER]));
  for (const way of WAYS) {
    await applyWay(lab, real, way);
    for (const flow of way.flows) {
      const by = flow.fou === undefined ? flow.device : `fou port with ${flow.fou}, ${flow.device}`;
      await t.step(`${way.encap}: VIP ${flow.vip}, real ${way.real} by ${by}`, async () => {
        await using _port = await openFou(real.namespace, way, flow);
        await checkFlow(lab, real, flow);
      });
    }
  }
});

async function applyWay(lab: LoadBalancerLab, real: LabReal, { real: family, encap }: Way) {
  const reals = [{ address: real[family], weight: 1 }];
  const vips = [VIP_V4, VIP_V6].map((address) => (
    { address, port: 80, protocol: "tcp", encap, reals }
  ));
  const file = await Deno.makeTempFile({ suffix: ".yaml" });
  // JSON is YAML.
  await Deno.writeTextFile(file, JSON.stringify({ vips }));
  await lab.weir(lab.balancer, ["apply", "--balancer", BALANCER, "--file", file]);
  await Deno.remove(file);
}

async function openFou(real: Namespace, way: Way, { fou }: Flow): Promise<AsyncDisposable> {
  const port = ["port", `${GUE_PORT}`, ...(way.real === "v6" ? ["-6"] : [])];
  if (fou !== undefined) await real.run(["ip", "fou", "add", ...port, ...fou.split(" ")]);
  return {
    async [Symbol.asyncDispose]() {
      if (fou !== undefined) await real.run(["ip", "fou", "del", ...port]);
    },
  };
}

async function checkFlow(lab: LoadBalancerLab, real: LabReal, flow: Flow): Promise<void> {
  const before = await received(real.namespace, flow.device);
  const vip = flow.vip === "v4" ? VIP_V4 : `[${VIP_V6}]`;
  const answer = await lab.client.run(["curl", "-sS", "--max-time", "10", `http://${vip}/`]);
  assert.equal(answer.trim(), real.name);
  const packets = await received(real.namespace, flow.device) - before;
  // SYN, ACK, request, FIN, and an ACK or two.
  assert.ok(packets >= 4, `"${flow.device}" saw ${packets} packets`);
}
