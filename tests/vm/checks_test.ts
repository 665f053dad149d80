/** Health checks by the kernel's tunnel devices, katran's way: no other kernel here has them. */
import assert from "node:assert/strict";
import { findClang } from "../../scripts/build_bpf.ts";
import { run } from "../../scripts/lab/command.ts";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import type { Namespace } from "../../scripts/lab/namespace.ts";
import { guestTest } from "./guest_test_case.ts";
import { loadTunnelModules, openTunnels, received } from "./real_tunnels.ts";

const CLIENT = new URL("../support/marked_get.c", import.meta.url).pathname;
const ATTACH = new URL("attach_probe.ts", import.meta.url).pathname;
const DENO = [Deno.execPath(), "run", "-A", "--no-check", "--cached-only"];

/** Mark of the real's IPv4 address, and of its IPv6 address; an ipip device carries IPv4 only. */
const ROWS = [
  { mark: 1, vip: VIP_V4, device: "tunl0" },
  { mark: 2, vip: VIP_V4, device: "ip6tnl0" },
  { mark: 2, vip: VIP_V6, device: "ip6tnl0" },
];

guestTest("checks reach reals by ipip and ip6tnl devices of the balancer", async (t) => {
  await loadTunnelModules();
  await using lab = await LoadBalancerLab.create({ name: "weir-chk", reals: 1, webServers: true });
  const [real] = lab.reals;
  assert.ok(real !== undefined);
  await openTunnels(real.namespace);
  await addDevices(lab.balancer);
  await lab.balancer.run([...DENO, ATTACH, "eth0", "ipip0", "ipip60", real.v4, real.v6]);
  lab.defer(async () => void await lab.weir(lab.balancer, ["probe", "detach", "eth0"]));
  const client = await Deno.makeTempFile();
  lab.defer(() => Deno.remove(client));
  await run([await findClang(), "-O1", "-o", client, CLIENT]);
  for (const { mark, vip, device } of ROWS) {
    await t.step(`${vip}, mark ${mark}: ${device}`, async () => {
      const before = await received(real.namespace, device);
      const answer = await lab.balancer.run([client, `${mark}`, vip, "80"]);
      assert.ok(answer.endsWith(`${real.name}\n`), answer);
      assert.ok(await received(real.namespace, device) - before >= 4);
    });
  }
});

async function addDevices(balancer: Namespace): Promise<void> {
  for (const [device, type] of [["ipip0", "ipip"], ["ipip60", "ip6tnl"]] as const) {
    await balancer.run(["ip", "link", "add", device, "type", type, "external"]);
    await balancer.run(["ip", "link", "set", device, "up"]);
  }
}
