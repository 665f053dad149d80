/** The balancer answers pings to VIPs, and tells clients how large packets may be. */
import assert from "node:assert/strict";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { waitFor } from "../../scripts/lab/wait_for.ts";
import { rootTest } from "../support/root_test.ts";

const BALANCER = "ping";
const PORT = 7001;
/** Of the link to the real only. A client of an IPv6 VIP sends 1280 bytes whatever it is told. */
const HOP_MTU = { v4: 1280, v6: 1280 + 40 } as const;
const BYTES = 500_000;
const DENO = [Deno.execPath(), "run", "-A", "--quiet", "--no-config"] as const;
const VIPS = [[VIP_V4, VIP_V4, "v4"], [VIP_V6, `[${VIP_V6}]`, "v6"]] as const;

rootTest("pings to a VIP are answered, as the echo setting says", async () => {
  await using lab = await LoadBalancerLab.create({ name: "weir-pg", reals: 1 });
  const weir = await attach(lab, ["--echo", "vip"]);
  const pings = async () => {
    const results = await Promise.all(
      VIPS.map(([address]) => lab.client.capture(["ping", "-c2", "-i0.2", "-W1", address])),
    );
    return results.map(({ code }) => code === 0);
  };
  assert.deepEqual(await pings(), [false, false], "not yet VIPs");
  for (const [, vip] of VIPS) await weir("vip", "add", "tcp", `${vip}:80`);
  assert.deepEqual(await pings(), [true, true]);
  await weir("upgrade", "--echo", "off");
  assert.deepEqual(await pings(), [false, false]);
  await weir("upgrade", "--echo", "any");
  assert.deepEqual(await pings(), [true, true]);
  const { counters } = JSON.parse(await weir("stats", "--json"));
  assert.deepEqual([counters.echo_v4, counters.echo_v6], [4, 4]);
});

rootTest(
  "an upload through a narrow hop stalls until the path MTU is known",
  async () => {
    await using lab = await LoadBalancerLab.create({ name: "weir-mt", reals: 1 });
    const [real] = lab.reals;
    if (real === undefined) throw new Error("The laboratory has no real");
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(real.namespace, ["decap", "detach", "eth0"]));
    real.namespace.spawn([...DENO, file("upload_server.ts"), `${PORT}`]);
    await waitFor("the server", async () => {
      const { stdout } = await real.namespace.capture(["ss", "-ltnH", "sport", "=", `:${PORT}`]);
      return stdout.trim() !== "";
    });
    const weir = await attach(lab, []);
    for (const [, vip, family] of VIPS) {
      await weir("vip", "add", "tcp", `${vip}:${PORT}`);
      await weir("real", "add", "tcp", `${vip}:${PORT}`, real[family]);
    }
    const upload = async (address: string, bytes: number, seconds: number) => {
      const client = [...DENO, file("upload_client.ts"), address, `${PORT}`];
      return await lab.client.capture([...client, `${bytes}`, `${seconds}`]);
    };
    for (const [address, , family] of VIPS) {
      const mtu = HOP_MTU[family];
      await lab.router.run(["ip", "link", "set", real.name, "mtu", `${mtu}`]);
      await weir("upgrade", "--path-mtu", "0");
      assert.equal((await upload(address, 1000, 5)).stdout, "1000", "small packets arrive");
      assert.equal((await upload(address, BYTES, 2)).code, 1, `${address} stalls`);
      await weir("upgrade", "--path-mtu", `${mtu}`);
      assert.equal((await upload(address, BYTES, 10)).stdout, `${BYTES}`, address);
    }
    const { counters } = JSON.parse(await weir("stats", "--json"));
    assert.ok(counters.too_big_sent_v4 > 0 && counters.too_big_sent_v6 > 0);
  },
);

async function attach(
  lab: LoadBalancerLab,
  options: readonly string[],
): Promise<(...args: string[]) => Promise<string>> {
  const weir = (...args: string[]) => lab.weir(lab.balancer, [...args, "--balancer", BALANCER]);
  await weir("attach", "eth0", "--mode", "native", ...options);
  lab.defer(async () => void await weir("detach"));
  return weir;
}

function file(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
