/** GUE from end to end: the balancer wraps, `weir decap` on reals unwraps. */
import assert from "node:assert/strict";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { rootTest } from "../support/root_test.ts";

const BALANCER = "gue";
const REQUESTS = 10;

rootTest("web requests arrive in GUE over IPv4 and IPv6, for VIPs of both families", async () => {
  await using lab = await LoadBalancerLab.create({ name: "weir-gu", reals: 2, webServers: true });
  for (const { namespace } of lab.reals) {
    await lab.weir(namespace, ["decap", "attach", "eth0", "--no-ipip", "--per-vip"]);
    lab.defer(async () => void await lab.weir(namespace, ["decap", "detach", "eth0"]));
  }
  const weir = (...args: string[]) => lab.weir(lab.balancer, [...args, "--balancer", BALANCER]);
  // Nothing is said of outer sources: they are the interface's first addresses.
  await weir("attach", "eth0", "--mode", "native");
  lab.defer(async () => void await weir("detach"));
  const [first, second] = lab.reals;
  if (first === undefined || second === undefined) throw new Error("The laboratory lacks reals");
  for (const vip of [`${VIP_V4}:80`, `[${VIP_V6}]:80`]) {
    await weir("vip", "add", "tcp", vip, "--encap", "gue");
    // One by IPv4, one by IPv6: both outer families for each VIP.
    await weir("real", "add", "tcp", vip, first.v4);
    await weir("real", "add", "tcp", vip, second.v6);
  }
  for (const url of [`http://${VIP_V4}/`, `http://[${VIP_V6}]/`]) {
    const answers = new Set<string>();
    for (let i = 0; i < REQUESTS; i++) {
      answers.add(await lab.client.run(["curl", "-sf", "--max-time", "3", url]));
    }
    assert.deepEqual([...answers].sort(), ["real1\n", "real2\n"], url);
  }
  const stats = async (index: number) => {
    const { namespace } = lab.reals[index] ?? assert.fail();
    return JSON.parse(await lab.weir(namespace, ["decap", "stats", "eth0", "--json"]));
  };
  const both = [await stats(0), await stats(1)];
  for (const { vips } of both) {
    const names = vips.map(({ vip }: { vip: string }) => vip);
    assert.deepEqual(names, [`tcp ${VIP_V4}:80`, `tcp [${VIP_V6}]:80`]);
    assert.ok(vips.every(({ packets }: { packets: number }) => packets >= REQUESTS));
  }
  const [byV4, byV6] = both.map(({ counters }) => counters);
  assert.ok(byV4.gue_v4 > 0 && byV6.gue_v6 > 0);
  assert.deepEqual([byV4.ipip_v4, byV6.ipip_v6, byV4.malformed, byV6.malformed], [0, 0, 0, 0]);
});
