import { deepEqual, equal, ok } from "node:assert/strict";
import { denoHost } from "../../cli/deno_host.ts";
import { runCli } from "../../cli/run.ts";
import type { Sample } from "../../core/metrics/types.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { LoadBalancerLab, VIP_V4 } from "../../scripts/lab/load_balancer_lab.ts";
import { Sink } from "../cli/fake_host.ts";
import { Connections, startLineServer } from "../netns/connections.ts";

const PORT = 7000;
const IPERF_PORT = 5201;
const REALS = 3;

/**
 * The program is replaced and rolled back, and rings are rebuilt, while TCP runs through: no connection
 * breaks, no packet is dropped by weir.
 *
 * @param full 20 s with 10 upgrades, 10 rollbacks and 50 rebuilds; else 4 s with 2, 2 and 6
 * @returns what was found, in one line
 */
export async function hitless(full: boolean): Promise<string> {
  const [seconds, exchanges, rebuilds] = full ? [20, 10, 50] : [4, 2, 6];
  const balancer = `hitless-${Deno.pid}`;
  await using lab = await LoadBalancerLab.create({ name: "weir-tru", reals: REALS });
  await build(lab, balancer);
  await using connections = new Connections(lab.client);
  equal(await connections.open(VIP_V4, PORT, 100), 0);
  const before = await connections.ask();
  const first = sample(balancer);
  const changes = disturb(balancer, seconds - 1, exchanges, rebuilds);
  const pending = { yes: true };
  const changed = changes.finally(() => pending.yes = false);
  const speeds: string[] = [];
  // On a busy host the changes may take longer: traffic runs until they are done.
  while (pending.yes) speeds.push(await traffic(lab, seconds));
  await changed;
  deepEqual(await connections.ask(), before, "connections that answer differently");
  const last = sample(balancer);
  const drops = [...last.drops].map((
    [reason, count],
  ) => [reason, count - (first.drops.get(reason) ?? 0n)]);
  deepEqual(drops.filter(([, count]) => count !== 0n), [], "packets dropped by weir");
  const sent = (last.counters.get("sent.packets") ?? 0n) -
    (first.counters.get("sent.packets") ?? 0n);
  ok(sent > 1000n, `only ${sent} packets went through`);
  return `${exchanges} upgrades, ${exchanges} rollbacks, ${rebuilds} rebuilds in ${seconds} s: ` +
    `${before.length + 5 * speeds.length} connections, 0 broken; ${sent} packets, 0 dropped; ` +
    `iperf3 ${speeds.join(", ")}`;
}

/** iperf3 for some seconds, at a rate that leaves room for the changes; what it measured. */
async function traffic(lab: LoadBalancerLab, seconds: number): Promise<string> {
  const { code, stdout } = await lab.client.capture([
    ...["iperf3", "-c", VIP_V4, "-p", `${IPERF_PORT}`, "-t", `${seconds}`],
    ...["-P", "4", "-b", "50M", "-J"],
  ]);
  equal(code, 0, stdout);
  return megabits(stdout);
}

async function build(lab: LoadBalancerLab, balancer: string): Promise<void> {
  for (const real of lab.reals) {
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(real.namespace, ["decap", "detach", "eth0"]));
    await startLineServer(real.namespace, real.name, PORT);
    real.namespace.spawn(["iperf3", "-s", "-p", `${IPERF_PORT}`]);
  }
  await lab.weir(lab.balancer, ["attach", "eth0", "--balancer", balancer]);
  lab.defer(async () => {
    await lab.weir(lab.balancer, ["detach", "--balancer", balancer]);
    await Deno.remove(`/run/weir/${balancer}.lock`).catch(() => {});
  });
  for (const port of [PORT, IPERF_PORT]) {
    // iperf3's control and data connections must meet on one real.
    const flags = port === IPERF_PORT ? ["--flag", "no-source-port"] : [];
    await weir(balancer, ["vip", "add", "tcp", `${VIP_V4}:${port}`, ...flags]);
    for (const { v4 } of lab.reals) {
      await weir(balancer, ["real", "add", "tcp", `${VIP_V4}:${port}`, v4, "--weight", "10"]);
    }
  }
}

/** Spreads the changes evenly over the time. */
async function disturb(
  balancer: string,
  seconds: number,
  exchanges: number,
  rebuilds: number,
): Promise<void> {
  const total = 2 * exchanges + rebuilds;
  const every = Math.floor(total / (2 * exchanges));
  const begin = performance.now();
  let exchanged = 0;
  let rebuilt = 0;
  for (let i = 0; exchanged < 2 * exchanges || rebuilt < rebuilds; i++) {
    const due = begin + i / total * seconds * 1000;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    if (exchanged < 2 * exchanges && (i % every === 0 || rebuilt >= rebuilds)) {
      await weir(balancer, [exchanged++ % 2 === 0 ? "upgrade" : "rollback"]);
      continue;
    }
    const port = rebuilt % 2 === 0 ? PORT : IPERF_PORT;
    const real = `10.10.${11 + rebuilt % REALS}.2`;
    const weight = `${1 + (7 * ++rebuilt) % 20}`;
    await weir(balancer, ["real", "set", "tcp", `${VIP_V4}:${port}`, real, "--weight", weight]);
  }
}

async function weir(balancer: string, words: readonly string[]): Promise<void> {
  const [stdout, stderr] = [new Sink(), new Sink()];
  const code = await runCli([...words, "--balancer", balancer], { ...denoHost(), stdout, stderr });
  equal(code, 0, `weir ${words.join(" ")}\n${stderr.text}`);
}

function sample(balancer: string): Sample {
  using dataplane = KernelDataplane.open(balancer);
  return dataplane.readSample();
}

function megabits(report: string): string {
  const { end: { sum_received: { bits_per_second: rate } } } = JSON.parse(report) as {
    readonly end: { readonly sum_received: { readonly bits_per_second: number } };
  };
  return `${Math.round(rate / 1e6)} Mbit/s`;
}
