/** Real QUIC connections through the balancer: quinn, which Deno has inside, as client and server. */
import assert from "node:assert/strict";
import { run } from "../../scripts/lab/command.ts";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { waitFor } from "../../scripts/lab/wait_for.ts";
import { rootTest } from "../support/root_test.ts";

const BALANCER = "quic";
const PORT = 4433;
const CONNECTIONS = 12;
const DENO = [Deno.execPath(), "run", "-A", "--quiet", "--no-config", "--unstable-net"] as const;

rootTest("QUIC connections reach one real each, over IPv4 and IPv6", async () => {
  await using lab = await LoadBalancerLab.create({ name: "weir-qc", reals: 2 });
  const identity = await makeIdentity();
  lab.defer(() => Deno.remove(identity.folder, { recursive: true }));
  for (const real of lab.reals) {
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(real.namespace, ["decap", "detach", "eth0"]));
    for (const vip of [VIP_V4, VIP_V6]) {
      const files = [identity.certificate, identity.key];
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
      await lab.client.run([...client, identity.certificate]),
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

/** A certificate of its own for this run. */
async function makeIdentity(): Promise<
  { readonly folder: string; readonly certificate: string; readonly key: string }
> {
  const folder = await Deno.makeTempDir({ prefix: "weir-quic-" });
  const [certificate, key] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  await run([
    ...["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...[
      "-nodes",
      "-days",
      "2",
      "-subj",
      "/CN=weir.test",
      "-addext",
      "subjectAltName=DNS:weir.test",
    ],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", certificate],
  ]);
  return { folder, certificate, key };
}

function file(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
