/** Real QUIC connections through the balancer: quinn, which Deno has inside, as client and server. */
import assert from "node:assert/strict";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { waitFor } from "../../scripts/lab/wait_for.ts";
import { rootTest } from "../support/root_test.ts";

const BALANCER = "quic";
const PORT = 4433;
const CONNECTIONS = 12;
const DENO = [Deno.execPath(), "run", "-A", "--quiet", "--no-config", "--unstable-net"] as const;

rootTest("QUIC connections reach one real each, over IPv4 and IPv6", async () => {
  await using lab = await LoadBalancerLab.create({ name: "weir-qc", reals: 2 });
  for (const real of lab.reals) {
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(real.namespace, ["decap", "detach", "eth0"]));
    for (const vip of [VIP_V4, VIP_V6]) {
      const files = [file("quic_cert.pem"), file("quic_key.pem")];
      real.namespace.spawn([...DENO, file("quic_server.ts"), real.name, vip, `${PORT}`, ...files]);
    }
    await waitFor(`QUIC servers of ${real.name}`, async () => {
      const { stdout } = await real.namespace.capture(["ss", "-lunH", "sport", "=", `:${PORT}`]);
      return stdout.trim().split("\n").length === 2;
    });
  }
  const weir = (...args: string[]) => lab.weir(lab.balancer, [...args, "--balancer", BALANCER]);
  await weir("attach", "eth0", "--mode", "native");
  lab.defer(async () => void await weir("detach"));
  const path = await Deno.makeTempFile({ prefix: "weir-quic-", suffix: ".yaml" });
  lab.defer(() => Deno.remove(path));
  await Deno.writeTextFile(path, config(lab));
  await weir("apply", "-f", path);

  for (const vip of [VIP_V4, VIP_V6]) {
    const client = [...DENO, file("quic_client.ts"), vip, `${PORT}`, `${CONNECTIONS}`];
    const answers: readonly (readonly string[] | null)[] = JSON.parse(
      await lab.client.run([...client, file("quic_cert.pem")]),
    );
    const names = answers.map((both, index) => {
      const [first = "", second = ""] = both ?? [];
      const name = first.split(" ")[0] ?? "";
      assert.deepEqual([first, second], [`${name} a${index}`, `${name} b`], `${vip} #${index}`);
      return name;
    });
    assert.deepEqual([...new Set(names)].sort(), ["real1", "real2"], "both reals serve");
  }
  const { counters } = JSON.parse(await weir("stats", "--json"));
  assert.ok(counters.quic_initial >= 2 * CONNECTIONS, JSON.stringify(counters));
});

/** Both reals at once: for a while after a change, unknown UDP flows go where they went before. */
function config(lab: LoadBalancerLab): string {
  const vip = (address: string, family: "v4" | "v6") => ({
    address,
    port: PORT,
    protocol: "udp",
    flags: ["quic"],
    reals: lab.reals.map((real) => real[family]),
  });
  return JSON.stringify({ vips: [vip(VIP_V4, "v4"), vip(VIP_V6, "v6")] });
}

function file(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
