/** The benchmark measures what it says. Its figures are for a quiet machine, not for a test. */
import assert from "node:assert/strict";
import { PACKET_CLASSES } from "../../core/bench/classes.ts";
import { tcpFrame } from "../../core/bench/frames.ts";
import type { PacketClass } from "../../core/bench/types.ts";
import { decode } from "../../core/packet/decode.ts";
import { BenchDriver } from "../../ffi/bench/driver.ts";
import { PinnedThread } from "../../ffi/bench/pinned_thread.ts";
import { REFERENCE_TRAFFIC, ReferenceTarget } from "../../ffi/bench/reference_target.ts";
import { prepareClass } from "../../ffi/bench/measure_class.ts";
import { runAttack } from "../../ffi/bench/run_attack.ts";
import { runBench } from "../../ffi/bench/run_bench.ts";
import { WeirTarget } from "../../ffi/bench/weir_target.ts";
import { XDP_PASS, XDP_TX } from "../../ffi/libbpf/kernel.gen.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";

async function objects() {
  return {
    loadBalancer: await bpfObject("lb"),
    driver: await bpfObject("bench"),
    reference: await bpfObject("reference"),
  };
}

function named(name: string): PacketClass {
  const found = PACKET_CLASSES.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

// First: what another test leaves behind would look as if it had been so before.
rootTest("PinnedThread gives CPUs and policy back", () => {
  const status = () => Deno.readTextFileSync("/proc/thread-self/status");
  const allowed = () => /^Cpus_allowed_list:\s*(.*)$/m.exec(status())?.[1];
  const policy = () => Deno.readTextFileSync("/proc/thread-self/stat").split(" ").at(-12);
  const before = [allowed(), policy()];
  {
    using thread = new PinnedThread();
    assert.equal(allowed(), `${thread.cpu}`);
    assert.equal(policy(), "1");
  }
  assert.deepEqual([allowed(), policy()], before);
});

rootTest("packets of every class go the way that the class says", async () => {
  const all = await objects();
  using driver = new BenchDriver(all.driver);
  for (
    const classes of Map.groupBy(PACKET_CLASSES, ({ world }) => JSON.stringify(world)).values()
  ) {
    using weir = new WeirTarget(all.loadBalancer, classes[0]?.world ?? assert.fail());
    for (const each of classes) await prepareClass({ driver, weir }, each);
  }
});

rootTest("runBench() measures classes and the reference, load after load", async () => {
  const lines: string[] = [];
  const report = await runBench({
    objects: await objects(),
    classes: ["tcp-v4-64k", "icmp-echo", "tcp-v4-gue"].map(named),
    effort: { loads: 2, rounds: 1, packets: 20_000 },
    attack: false,
    onProgress: (line) => lines.push(line),
  });
  assert.equal(lines.length, 6);
  assert.deepEqual(report.classes.map(({ name }) => name), [
    "tcp-v4-64k",
    "icmp-echo",
    "tcp-v4-gue",
  ]);
  for (const { name, cost, reference, verdict } of report.classes) {
    assert.ok(cost.rounds >= 2 && cost.ns > 1, `${name}: ${cost.ns} ns`);
    assert.ok(reference.ns > 10, `reference of ${name}: ${reference.ns} ns`);
    assert.ok(verdict !== null && verdict.ratio > 0, name);
  }
  assert.ok(report.load.ms > 1 && report.load.instructions > 1000);
  assert.match(report.machine.kernel, /^\d+\.\d+/);
  assert.equal(report.attack, null);
});

rootTest("runBench() refuses a class whose packets go another way", async () => {
  const wrong = { ...named("pass-v4"), counter: "ring_picks" };
  const effort = { loads: 1, rounds: 1, packets: 1000 };
  await assert.rejects(
    runBench({ objects: await objects(), classes: [wrong], effort, attack: false }),
    /Cannot measure class "pass-v4": counter "ring_picks" moved by 0/,
  );
});

rootTest("BenchDriver: the target meets the packets that were asked for, whole", async () => {
  const all = await objects();
  using driver = new BenchDriver(all.driver);
  using weir = new WeirTarget(all.loadBalancer, named("tcp-v4").world);
  const { frames } = named("tcp-v4");
  const traffic = { frames, flows: 4, first: 3, order: "ascending" } as const;
  const { verdict, frame } = driver.run(weir.program, traffic, 4);
  assert.equal(verdict, XDP_TX);
  assert.equal(frame.length, 128 + 20);
  const [, , ip, tcp] = decode(frame).map(({ fields }) => fields);
  // Flows 3, 4, 5, 6: the last one, as the balancer sent it.
  assert.equal(ip?.get("source"), "11.0.0.6");
  assert.equal(tcp?.get("sourcePort"), "1030");
  assert.equal(driver.run(driver.empty, traffic, 5).frame.length, 128);
});

rootTest("BenchDriver.audit() tells where each flow went", async () => {
  const all = await objects();
  using driver = new BenchDriver(all.driver);
  using weir = new WeirTarget(all.loadBalancer, named("tcp-v4").world);
  const traffic = { frames: named("tcp-v4").frames, flows: 256 };
  const seen = driver.audit(weir.program, traffic);
  assert.ok([...seen].every((address) => (address & 0xff) === 10 && address >>> 24 <= 100));
  assert.ok(new Set(seen).size > 50);
  for (const flow of [0, 1, 255]) {
    const { frame } = driver.run(
      weir.program,
      { ...traffic, flows: 1, first: flow, order: "ascending" },
      1,
    );
    assert.equal(new DataView(frame.buffer, frame.byteOffset).getUint32(30, true), seen[flow]);
  }
});

rootTest("the reference forwards what it is measured with, and passes the rest", async () => {
  const all = await objects();
  using thread = new PinnedThread();
  using driver = new BenchDriver(all.driver);
  using reference = new ReferenceTarget(all.reference, thread.cpu);
  reference.warmUp(driver);
  const { verdict, frame } = driver.run(reference.program, REFERENCE_TRAFFIC["64k"], 1000);
  assert.equal(verdict, XDP_TX);
  assert.equal(frame.length, 128 + 20);
  assert.match(decode(frame)[1]?.fields.get("destination") ?? "", /^10\.0\.0\.\d+$/);
  const other = { frames: [tcpFrame({ address: "10.9.9.9", port: 80 })], flows: 1 };
  const passed = driver.run(reference.program, { ...other, order: "random" }, 10);
  assert.equal(passed.verdict, XDP_PASS);
});

rootTest("runAttack(): established flows keep their reals, the flow table its bound", async () => {
  const size = { established: 2 ** 14, flood: 200_000 };
  const plan = { rounds: 1, packets: 1000 };
  const report = await runAttack(await objects(), named("tcp-v4").world, plan, size);
  assert.equal(report.established, size.established);
  assert.ok(report.unstable > 500 && report.unstable < 1200, `${report.unstable} unstable`);
  assert.ok(report.kept >= 0.999 * report.established, `${report.kept} kept`);
  assert.ok(report.entries > report.unstable && report.entries <= report.capacity);
});

rootTest("runAttack() sees flows that lose their reals", async () => {
  // 64 places for some 800 flows that need one.
  const world = { ...named("tcp-v4").world, maxFlows: 64 };
  const size = { established: 2 ** 14, flood: 1000 };
  await assert.rejects(
    runAttack(await objects(), world, { rounds: 1, packets: 1000 }, size),
    /Cannot begin the attack: \d+ flows are not at their real/,
  );
});
