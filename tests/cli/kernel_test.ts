import { deepEqual, equal, match } from "node:assert/strict";
import { denoHost } from "../../cli/deno_host.ts";
import type { Host } from "../../cli/host.ts";
import { runCli } from "../../cli/run.ts";
import { parseConfig } from "../../core/config/parse_config.ts";
import { planDesired } from "../../core/plan/plan_desired.ts";
import { planOptions } from "../../core/plan/plan_options.ts";
import { Pins } from "../../ffi/pins.ts";
import { packet } from "../../core/packet/build.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { waitFor } from "../../scripts/lab/wait_for.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";
import { Sink } from "./fake_host.ts";

/** weir on a pair of interfaces of its own; what it leaves behind goes with it. */
class Machine implements AsyncDisposable {
  readonly balancer: string;
  readonly host: Host;
  readonly #stdout = new Sink();
  readonly #stderr = new Sink();
  readonly #veth = new VethPair();

  /** @param name tells machines of one test apart */
  constructor(name = "test") {
    this.balancer = `${name}-${Deno.pid}`;
    this.host = {
      ...denoHost(),
      stdout: this.#stdout,
      stderr: this.#stderr,
      // The real one listens for signals until the process ends.
      interrupted: () => new AbortController().signal,
    };
    this.#veth.up();
  }

  /** Runs a command line that must end with this exit code; what it prints. */
  async run(line: string, exit = 0): Promise<string> {
    this.#stdout.text = "";
    this.#stderr.text = "";
    const words = line.replace("IFNAME", this.#veth.name).split(" ");
    const code = await runCli([...words, "--balancer", this.balancer], this.host);
    const printed = this.#stdout.text + this.#stderr.text;
    equal(code, exit, `weir ${line}: exit ${code}\n${printed}`);
    return printed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.host.describe(this.balancer) !== null) await this.host.detach(this.balancer);
    this.#veth[Symbol.dispose]();
    await Deno.remove(`/run/weir/${this.balancer}.lock`).catch(() => {});
  }
}

rootTest("weir attaches, changes, shows and detaches on this kernel", async () => {
  await using machine = new Machine();
  match(await machine.run("status", 1), /is not attached/);
  await machine.run(
    "attach IFNAME --gateway-mac 02:00:00:00:00:09 --max-vips 4 --max-flows 1000" +
      " --gue-source-v4 192.0.2.1",
  );
  await machine.run("vip add tcp 198.51.100.10:80");
  await machine.run("vip add udp [2001:db8::1]:443 --flag quic --encap gue");
  await machine.run("real add tcp 198.51.100.10:80 10.0.0.1 --weight 3");
  await machine.run("real add tcp 198.51.100.10:80 fc00::2");
  await machine.run("real add udp [2001:db8::1]:443 10.0.0.1");
  await machine.run("status");
  const before = await machine.run("ring digest");
  await machine.run("real down tcp 198.51.100.10:80 10.0.0.1");
  match(await machine.run("real list"), /10\.0\.0\.1 +3 +down/);
  await machine.run("real up tcp 198.51.100.10:80 10.0.0.1");
  equal(await machine.run("ring digest"), before);
  await machine.run("real del tcp 198.51.100.10:80 fc00::2");
  equal((await machine.run("real list")).includes("fc00::2"), false);
  await machine.run("vip del tcp 198.51.100.10:80");
  await machine.run("upgrade --echo any --path-mtu 1400 --gue-source-v6 fc00::9 --quic-lb 2=3");
  const status = await machine.run("status");
  for (
    const setting of [
      /echo any/,
      /pmtu.path-mtu 1400/,
      /gue.source-v4 192.0.2.1/,
      /gue.source-v6 fc00::9/,
      /quic.lb 2=3/,
    ]
  ) match(status, setting);
  match(await machine.run("stats"), /udp \[2001:db8::1\]:443/);
  await machine.run("detach");
  await machine.run("status", 1);
});

rootTest("two balancers on one host know nothing of each other", async () => {
  await using first = new Machine("first");
  await using second = new Machine("second");
  const attach = "attach IFNAME --gateway-mac 02:00:00:00:00:09 --max-vips 4 --max-flows 1000";
  await Promise.all([first.run(attach), second.run(attach)]);
  await first.run("vip add tcp 198.51.100.10:80");
  await second.run("vip add tcp 198.51.100.20:80");
  await Promise.all([
    first.run("real add tcp 198.51.100.10:80 10.0.0.1"),
    second.run("real add tcp 198.51.100.20:80 10.0.0.2"),
  ]);
  match(await first.run("vip list"), /^(?!.*100\.20).*198\.51\.100\.10:80/s);
  match(await second.run("real list"), /^(?!.*10\.0\.0\.1).*10\.0\.0\.2/s);
  const names = await first.host.balancers();
  deepEqual(
    names.filter((name) => name.endsWith(`-${Deno.pid}`)),
    [first.balancer, second.balancer],
  );
  await first.run("detach");
  await first.run("status", 1);
  match(await second.run("status"), /in order/);
  await second.run("upgrade");
  match(await second.run("real list"), /10\.0\.0\.2/);
});

const EVERYTHING = `balancer:
  echo: any
  pmtu: { rate: 10, path-mtu: 1400 }
  gue: { port: 6081, source-v4: 192.0.2.7, source-v6: fc00::7 }
  ipip: { source-v6: "100:1::/96" }
  quic: { lb: { 1: 2 } }
  decap: { ipip: true, destinations: [{ address: 172.31.0.1, action: pass }] }
  tcp-idle: 3600
  events: true
  compat: katran
servers: [{ id: 1023, real: 10.0.0.9 }]
sources: [{ prefix: 192.0.2.0/24, real: "fc00::9" }]
vips:
  - address: 198.51.100.10
    port: 443
    protocol: udp
    flags: [quic, source-routing]
    encap: gue
    reals: [10.0.0.1]
`;

rootTest("weir apply changes settings and tables on the live link, once", async () => {
  await using machine = new Machine();
  const files = await Deno.makeTempDir();
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(files, { recursive: true }) };
  const path = `${files}/weir.yaml`;
  await machine.run("attach IFNAME --gateway-mac 02:00:00:00:00:09 --max-vips 4 --feature none");
  const before = await machine.run("export");
  await Deno.writeTextFile(path, EVERYTHING.replace(", source-v6: fc00::7", ""));
  match(await machine.run(`apply -f ${path}`, 1), /"fc00::9".*no outer IPv6 source for GUE/);
  equal(await machine.run("export"), before, "what cannot be done whole is not begun");

  await Deno.writeTextFile(path, EVERYTHING);
  await machine.run(`plan -f ${path}`, 2);
  await machine.run(`apply -f ${path}`);
  await machine.run(`plan -f ${path}`);
  match(await machine.run(`apply -f ${path}`), /^No changes/);
  match(await machine.run("server list"), /1023 +10\.0\.0\.9/);
  match(await machine.run("source list"), /192\.0\.2\.0\/24 +fc00::9/);
  match(await machine.run("decap destination list"), /172\.31\.0\.1 +pass/);
  match(await machine.run("flows stats"), /^0 of /);
  await Deno.writeTextFile(path, await machine.run("export"));
  match(await machine.run(`apply -f ${path}`), /^No changes/);
  await machine.run("upgrade --echo off");
  await machine.run("rollback");
  match(await machine.run("status"), /echo any/);
});

rootTest("weir events prints packets of the running program, and switches itself off", async () => {
  await using machine = new Machine();
  const path = await Deno.makeTempFile({ suffix: ".pcap" });
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(path) };
  await machine.run("attach IFNAME --gateway-mac 02:00:00:00:00:09 --max-vips 4 --events");
  await machine.run("vip add tcp 198.51.100.10:80 --affinity always");
  await machine.run("real add tcp 198.51.100.10:80 10.0.0.1");
  const events = machine.run(`events -n 1 --pcap ${path}`);
  const isOn = () => {
    using dataplane = KernelDataplane.open(machine.balancer);
    return dataplane.maps.host.get().events_on === 1;
  };
  await waitFor("events to be on", isOn);
  const frame = packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
    .ipv4({ source: "192.0.2.1", destination: "198.51.100.10" })
    .tcp({ sourcePort: 40000, destinationPort: 80 }).payload(new Uint8Array(20)).bytes();
  using program = new Pins(machine.balancer).openProgram();
  program.testRun({ data: frame });
  match(await events, /unknown-flow +tcp 192\.0\.2\.1:40000 > 198\.51\.100\.10:80, 74 bytes/);
  equal(isOn(), false);
  equal((await Deno.readFile(path)).subarray(24 + 16).toHex(), frame.toHex());
});

const FILE = `vips:
  - { address: 198.51.100.10, port: 80, protocol: tcp, reals: [10.0.0.1, 10.0.0.2] }
  - { address: 198.51.100.10, port: 443, protocol: tcp, reals: [10.0.0.2, 10.0.0.3] }
`;

rootTest("weir apply converges from every place where a command can be killed", async () => {
  await using machine = new Machine();
  await machine.run("attach IFNAME --gateway-mac 02:00:00:00:00:09 --max-vips 4 --max-flows 1000");
  const files = await Deno.makeTempDir();
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(files, { recursive: true }) };
  const path = `${files}/weir.yaml`;
  await Deno.writeTextFile(path, FILE);
  await machine.run(`apply -f ${path}`);
  const wanted = await contents(machine);
  const parsed = parseConfig(FILE, path);
  if (!parsed.ok) throw new Error("The file of this test is wrong");

  for (let made = 1;; made++) {
    await machine.run("vip del tcp 198.51.100.10:443");
    using dataplane = await machine.host.openDataplane(machine.balancer);
    if (dataplane === null) throw new Error("The balancer is gone");
    const rings = (vip: number) => dataplane.readRing(vip);
    const { desired } = parsed.config;
    const plan = planDesired(dataplane.readState(), rings, desired, planOptions(dataplane));
    if (made >= plan.writes.length) break;
    for (const write of plan.writes.slice(0, made)) dataplane.write(write);
    match(await machine.run("status", 4), /was killed/);
    await machine.run(`apply -f ${path}`);
    await machine.run(`plan -f ${path}`);
    await machine.run("status");
    deepEqual(await contents(machine), wanted);
  }
});

async function contents(machine: Machine): Promise<readonly string[]> {
  return [
    await machine.run("vip list"),
    await machine.run("real list"),
    await machine.run("ring digest"),
  ];
}
