import { equal, ok } from "node:assert/strict";
import { runCli } from "../../cli/run.ts";
import { packet } from "../../core/packet/build.ts";
import { TcpFlag } from "../../core/packet/protocol.ts";
import { XDP_DROP, XDP_PASS, XDP_TX } from "../../ffi/libbpf/kernel.gen.ts";
import { Pins } from "../../ffi/pins.ts";
import { FakeHost } from "../cli/fake_host.ts";
import { file, Machine } from "./machine.ts";

type Reals = Readonly<Record<string, number>>;
type Vips = Readonly<Record<number, Reals>>;

/** 20 reals in 3 VIPs; after it one VIP is gone, one new, and every real's part has changed. */
const BEFORE: Vips = {
  1: weights("10.0.1", 7, () => 1),
  2: weights("10.0.2", 7, (i) => i),
  3: weights("10.0.3", 6, () => 2),
};
/** Its new reals are new in every round: those of a round before stay known while flows name them. */
const afterOf = (round: number): Vips => ({
  1: { ...weights("10.0.1", 4, (i) => i + 1), ...weights(`10.1.${round}`, 4, () => 3) },
  2: weights("10.0.2", 7, (i) => 9 - i),
  4: weights("10.0.3", 6, () => 1),
});
const PROBES = 64;
const CHILD = new URL("kill_child.ts", import.meta.url).pathname;

/**
 * SIGKILL after each write of an apply: packets go to reals of their VIP's old or new set, and the next
 * apply ends where an undisturbed one ends.
 *
 * @param full every write; else a handful
 * @returns what was found, in one line
 */
export async function killEveryWrite(full: boolean): Promise<string> {
  await using machine = new Machine("kill");
  await machine.attach();
  const before = machine.file("before.yaml", file(BEFORE));
  let kills = 0;
  let probes = 0;
  for (let writes = 1;; writes += full ? 1 : 11) {
    const wish = afterOf(kills + 1);
    const after = machine.file("after.yaml", file(wish));
    await machine.run(`apply -f ${before} --yes`);
    if (!await killedAfter(writes, machine, after)) break;
    kills++;
    probes += probe(machine.balancer, wish);
    await machine.run(`apply -f ${after} --yes`);
    equal(
      await machine.run("ring digest"),
      await digestOf(wish),
      `after a kill at write ${writes}`,
    );
    equal(await machine.run(`plan -f ${after}`), "No changes\n");
    await machine.run("status");
  }
  ok(kills >= 4, `only ${kills} kills`);
  return `${kills} kills, ${probes} probe packets, 0 violations`;
}

/** Whether the command was killed; else it came to its end before. */
async function killedAfter(writes: number, machine: Machine, path: string): Promise<boolean> {
  const { balancer } = machine;
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "--no-check", "--unstable-raw-imports", CHILD, `${writes}`],
      ...["apply", "-f", path, "--yes", "--balancer", balancer],
    ],
    stdout: "null",
    stderr: "piped",
  });
  const { signal, code, stderr } = await command.output();
  if (signal === "SIGKILL") return true;
  equal(code, 0, new TextDecoder().decode(stderr));
  return false;
}

/** Sends packets to all VIPs, as new and as established flows; how many. */
function probe(balancer: string, after: Vips): number {
  using program = new Pins(balancer).openProgram();
  const vips = [...new Set([...Object.keys(BEFORE), ...Object.keys(after)])].map(Number);
  for (const vip of vips) {
    const sets = [BEFORE[vip], after[vip]];
    const allowed = new Set(sets.flatMap((reals) => Object.keys(reals ?? {})));
    for (let i = 0; i < PROBES; i++) {
      const data = packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
        .ipv4({ source: `192.0.2.${i}`, destination: `198.51.100.${vip}` })
        .tcp({
          sourcePort: 1024 + 7 * i,
          destinationPort: 80,
          flags: i % 2 === 0 ? TcpFlag.syn : TcpFlag.ack,
        })
        .bytes();
      const { verdict, data: sent } = program.testRun({ data });
      const mayPass = sets.includes(undefined);
      if (verdict === XDP_PASS && mayPass) continue;
      equal(verdict, XDP_TX, verdict === XDP_DROP ? "a packet was dropped" : "a packet passed");
      const real = sent.subarray(30, 34).join(".");
      ok(allowed.has(real), `a packet to VIP ${vip} went to ${real}`);
    }
  }
  return PROBES * vips.length;
}

/** What `ring digest` says of a balancer that was nothing before. */
async function digestOf(wish: Vips): Promise<string> {
  const host = new FakeHost();
  host.files.set("wish.yaml", file(wish));
  await runCli(["attach", "eth0"], host);
  await runCli(["apply", "-f", "wish.yaml", "--yes"], host);
  host.stdout.text = "";
  await runCli(["ring", "digest"], host);
  return host.stdout.text;
}

function weights(prefix: string, count: number, weight: (i: number) => number): Reals {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`${prefix}.${i + 1}`, weight(i + 1)]),
  );
}
