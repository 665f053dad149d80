/** Connections outlive every change of the reals behind them. */
import assert from "node:assert/strict";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { rootTest } from "../support/root_test.ts";
import { Connections, startLineServer } from "./connections.ts";

const BALANCER = "long-lived";
const PORT = 7000;
const PER_FAMILY = 100;
const VIPS = [`tcp ${VIP_V4}:${PORT}`, `tcp [${VIP_V6}]:${PORT}`];

class Bench {
  readonly lab: LoadBalancerLab;

  constructor(lab: LoadBalancerLab) {
    this.lab = lab;
  }

  async weir(...args: string[]): Promise<string> {
    return await this.lab.weir(this.lab.balancer, [...args, "--balancer", BALANCER]);
  }

  /** The same change of a real for the IPv4 and the IPv6 VIP. */
  async forBoth(verb: string, real: number, ...options: string[]): Promise<void> {
    const { v4 = "", v6 = "" } = this.lab.reals[real - 1] ?? {};
    for (const [index, address] of [v4, v6].entries()) {
      const [protocol = "", vip = ""] = (VIPS[index] ?? "").split(" ");
      await this.weir("real", verb, protocol, vip, address, ...options);
    }
  }

  flowEntries(): number {
    using dataplane = KernelDataplane.open(BALANCER);
    return [...dataplane.flows()].length;
  }
}

async function build(bench: Bench): Promise<void> {
  const { lab } = bench;
  for (const real of lab.reals) {
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(real.namespace, ["decap", "detach", "eth0"]));
    await startLineServer(real.namespace, real.name, PORT);
  }
  await bench.weir("attach", "eth0", "--mode", "native");
  lab.defer(async () => void await bench.weir("detach"));
  const file = await Deno.makeTempFile({ prefix: "weir-long-", suffix: ".yaml" });
  lab.defer(() => Deno.remove(file));
  await Deno.writeTextFile(file, config(lab));
  await bench.weir("apply", "-f", file);
}

/** Three reals for both VIPs, applied in one go: every slot is stable. */
function config(lab: LoadBalancerLab): string {
  const vip = (address: string, family: "v4" | "v6") => ({
    address,
    port: PORT,
    protocol: "tcp",
    reals: lab.reals.slice(0, 3).map((real, index) => ({
      address: real[family],
      weight: index + 1,
    })),
  });
  // JSON is YAML.
  return JSON.stringify({ vips: [vip(VIP_V4, "v4"), vip(VIP_V6, "v6")] });
}

rootTest("200 long-lived connections survive add, weight, drain and delete of reals", async () => {
  await using lab = await LoadBalancerLab.create({ name: "weir-long", reals: 4 });
  const bench = new Bench(lab);
  await build(bench);
  await using old = new Connections(lab.client);
  assert.equal(await old.open(VIP_V4, PORT, PER_FAMILY), 0);
  assert.equal(await old.open(VIP_V6, PORT, PER_FAMILY), 0);
  const before = await old.ask();
  assert.equal(before.filter((name) => name !== null).length, 2 * PER_FAMILY);
  assert.equal(new Set(before).size, 3, "all three reals serve");
  assert.equal(bench.flowEntries(), 0, "flows on stable slots leave no entry");

  const changes: readonly (readonly [string, number, ...string[]])[] = [
    ["add", 4, "--weight", "5"],
    ["set", 2, "--weight", "7"],
    ["drain", 1],
    ["del", 1],
    ["set", 4, "--weight", "1"],
    ["del", 4],
    ["add", 4, "--weight", "2"],
  ];
  for (const [verb, real, ...options] of changes) {
    await bench.forBoth(verb, real, ...options);
    assert.deepEqual(await old.ask(), before, `after real ${verb} ${real} ${options.join(" ")}`);
  }

  await using young = new Connections(lab.client);
  assert.equal(await young.open(VIP_V4, PORT, PER_FAMILY), 0);
  const names = new Set(await young.ask());
  assert.ok(!names.has("real1"), "new flows do not go to the deleted real");
  assert.ok(names.has("real4"), "new flows go to the added real");
});
