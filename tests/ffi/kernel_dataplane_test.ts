import assert from "node:assert/strict";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { packet } from "../../core/packet/build.ts";
import type { Member, RealConfig, Ring, VipConfig } from "../../core/state/types.ts";
import * as abi from "../../ffi/abi.gen.ts";
import type { VipOptions } from "../support/balancer_setup.ts";
import { PacketRun } from "../support/packet_run.ts";
import { rootTest } from "../support/root_test.ts";

const VIP: VipConfig = {
  address: address("fc00:1::1"),
  prefixLength: 128,
  port: 443,
  protocol: "udp",
  name: "größe",
  flags: ["quic", "udp-migration"],
  affinity: "always",
  encap: "gue",
  ringHash: "maglev-v1",
};
const REAL: RealConfig = { address: address("10.0.0.1"), name: "a1", local: true, encap: "ipip" };
const MEMBER: Member = { weight: 65535, state: "drained" };

rootTest("KernelDataplane: readState() gives what was written", async () => {
  using run = await PacketRun.load();
  const { dataplane } = run;
  dataplane.write({ op: "vip-info", vip: 7, config: VIP });
  dataplane.write({ op: "real-info", index: 3, config: REAL, retired: true });
  dataplane.write({ op: "member", vip: 7, real: 3, member: MEMBER });
  dataplane.write({ op: "down", vip: 7, real: 9, down: true });
  dataplane.write({ op: "sequence", sequence: 5 });
  const { vips, reals, sequence, capacity } = dataplane.readState();
  assert.deepEqual(capacity, { maxVips: 64, maxReals: 256, maxFlows: 4096 });
  assert.equal(sequence, 5);
  assert.deepEqual(
    vips,
    new Map([[7, {
      index: 7,
      config: VIP,
      members: new Map([[3, MEMBER]]),
      down: new Set([9]),
    }]]),
  );
  assert.deepEqual(reals, new Map([[3, { index: 3, config: REAL, retired: true }]]));
});

rootTest("KernelDataplane: tables read back as written, and empty when taken back", async () => {
  using run = await PacketRun.load();
  const { dataplane } = run;
  const prefix = { address: address("192.0.2.0"), prefixLength: 24 };
  const destination = address("172.31.0.1");
  const before = dataplane.readState();
  dataplane.write({ op: "server-id", id: 0xffffffff, real: 7 });
  dataplane.write({ op: "source", prefix, real: 8 });
  dataplane.write({ op: "decap-destination", address: destination, action: "return" });
  assert.deepEqual(dataplane.readState().tables, {
    servers: new Map([[0xffffffff, 7]]),
    sources: new Map([["192.0.2.0/24", { prefix, real: 8 }]]),
    destinations: new Map([["172.31.0.1", { address: destination, action: "return" }]]),
  });
  dataplane.write({ op: "server-id", id: 0xffffffff, real: null });
  dataplane.write({ op: "source", prefix, real: null });
  dataplane.write({ op: "decap-destination", address: destination, action: null });
  assert.deepEqual(dataplane.readState(), before);
});

rootTest("KernelDataplane: what is taken back is gone", async () => {
  using run = await PacketRun.load();
  const { dataplane } = run;
  const before = dataplane.readState();
  dataplane.write({ op: "vip-info", vip: 7, config: VIP });
  dataplane.write({ op: "real-info", index: 3, config: REAL, retired: false });
  dataplane.write({ op: "real", index: 3, config: REAL, downSomewhere: true });
  dataplane.write({ op: "member", vip: 7, real: 3, member: MEMBER });
  dataplane.write({ op: "down", vip: 7, real: 3, down: true });
  dataplane.write({ op: "vip-info", vip: 7, config: null });
  dataplane.write({ op: "real-info", index: 3, config: null, retired: false });
  dataplane.write({ op: "real", index: 3, config: null, downSomewhere: false });
  dataplane.write({ op: "member", vip: 7, real: 3, member: null });
  dataplane.write({ op: "down", vip: 7, real: 3, down: false });
  assert.deepEqual(dataplane.readState(), before);
  assert.equal(dataplane.maps.reals.get(3).flags, 0);
});

rootTest("KernelDataplane: a ring is swapped as a whole, and can be taken away", async () => {
  using run = await PacketRun.load();
  const { dataplane } = run;
  const ring: Ring = {
    slots: new Uint16Array(abi.RING_SIZE).map((_, i) => i % 7),
    prev: new Uint16Array(abi.RING_SIZE).map((_, i) => i % 5),
    changedAt: 0xffffffff,
    generation: 9,
  };
  assert.equal(dataplane.readRing(63), null);
  dataplane.write({ op: "ring", vip: 63, ring });
  assert.deepEqual(dataplane.readRing(63), ring);
  dataplane.maps.rings.setAll(new Map([[1, ring], [2, ring], [63, { ...ring, generation: 10 }]]));
  assert.equal(dataplane.readRing(63)?.generation, 10);
  assert.deepEqual(dataplane.readRing(2), ring);
  dataplane.write({ op: "ring", vip: 63, ring: null });
  dataplane.write({ op: "ring", vip: 63, ring: null });
  assert.equal(dataplane.readRing(63), null);
});

rootTest("KernelDataplane: an index beyond the sizes is refused", async () => {
  using run = await PacketRun.load();
  const { dataplane } = run;
  const ring = { slots: new Uint16Array(abi.RING_SIZE), prev: new Uint16Array(abi.RING_SIZE) };
  const writes = [
    () => dataplane.write({ op: "vip-info", vip: 64, config: VIP }),
    () => dataplane.write({ op: "ring", vip: 64, ring: { ...ring, changedAt: 0, generation: 0 } }),
    () => dataplane.write({ op: "ring", vip: 64, ring: null }),
    () => dataplane.write({ op: "real", index: 256, config: REAL, downSomewhere: false }),
    () => dataplane.write({ op: "real", index: 0, config: REAL, downSomewhere: false }),
    () => dataplane.write({ op: "real-info", index: 0, config: REAL, retired: false }),
  ];
  for (const write of writes) assert.throws(write, RangeError);
});

for (const [family, base] of [[4, "10.1."], [6, "fc00::"]] as const) {
  rootTest(`KernelDataplane: the program finds 200 IPv${family} VIPs in the table`, async () => {
    using run = await PacketRun.load({ capacity: { maxVips: 256 } });
    const vips = Array.from({ length: 200 }, (_, i): VipOptions => ({
      // Ports of one address, and addresses in a row.
      address: family === 4 ? `${base}0.${i % 2 === 0 ? 1 : i}` : `${base}${i % 2 === 0 ? 1 : i}`,
      port: 1000 + i,
      protocol: i % 3 === 0 ? "tcp" : "udp",
    }));
    for (const vip of vips) run.setup.addVip(vip);
    for (const vip of vips) run.setup.setWeight(run.setup.key(vip), "10.0.0.1", 1);
    run.dataplane.write({ op: "vip-table", vips: [] });
    run.setup.commit();
    for (const [i, vip] of vips.entries()) {
      const { verdict, counters } = run.run(frameTo(vip));
      assert.equal(verdict, "sent", `${vip.protocol} ${vip.address}:${vip.port}`);
      assert.equal(counters[`vip ${i} packets`], 1);
      assert.equal(run.run(frameTo({ ...vip, port: vip.port + 200 })).verdict, "passed");
    }
  });
}

rootTest("KernelDataplane: prefixes come and go with the table", async () => {
  using run = await PacketRun.load({ settings: { cidr: 1 } });
  const wide: VipOptions = { address: "10.7.0.0", prefixLength: 16, port: 80, protocol: "udp" };
  const narrow: VipOptions = { ...wide, address: "10.7.7.0", prefixLength: 24 };
  const inWide = frameTo({ ...wide, address: "10.7.1.1" });
  const inNarrow = frameTo({ ...wide, address: "10.7.7.7" });
  run.setup.vip(wide, ["10.0.0.1"]);
  run.setup.vip(narrow, ["10.0.0.2"]);
  assert.equal(run.run(inWide).counters["vip 0 packets"], 1);
  assert.equal(run.run(inNarrow).counters["vip 1 packets"], 1);
  const config = (options: VipOptions) => ({ ...VIP, ...run.setup.key(options), flags: [] });
  run.dataplane.write({ op: "vip-table", vips: [{ index: 0, config: config(wide) }] });
  assert.equal(run.run(inNarrow).counters["vip 0 packets"], 1);
  run.dataplane.write({ op: "vip-table", vips: [] });
  assert.equal(run.run(inNarrow).verdict, "passed");
  assert.equal(run.run(inWide).verdict, "passed");
});

rootTest("KernelDataplane: a prefix is refused where prefixes are off", async () => {
  using run = await PacketRun.load();
  const vip: VipOptions = { address: "10.7.0.0", prefixLength: 16, port: 80, protocol: "udp" };
  assert.throws(() => run.setup.vip(vip, []), /Cannot use a prefix as VIP/);
});

rootTest("KernelDataplane: a VIP of every port is found while there is one", async () => {
  using run = await PacketRun.load();
  const any: VipOptions = { address: "10.7.0.1", port: 0, protocol: "tcp" };
  const frame = frameTo({ ...any, port: 12345 });
  run.setup.vip(any, ["10.0.0.1"]);
  assert.equal(run.run(frame).verdict, "sent");
  assert.equal(run.dataplane.maps.host.get().any_port_vips, 1);
  run.dataplane.write({ op: "vip-table", vips: [] });
  assert.equal(run.run(frame).verdict, "passed");
  assert.equal(run.dataplane.maps.host.get().any_port_vips, 0);
});

rootTest("KernelDataplane: flows() lists what the program remembers", async () => {
  using run = await PacketRun.load();
  const v4: VipOptions = { address: "10.7.0.1", port: 80, protocol: "tcp", affinity: "always" };
  const v6: VipOptions = { ...v4, address: "fc00:1::1" };
  run.setup.vip(v4, ["10.0.0.1"]);
  run.setup.vip(v6, ["10.0.0.1"]);
  const before = run.dataplane.now();
  run.run(frameTo(v4));
  run.run(frameTo(v6));
  const flows = [...run.dataplane.flows()].sort((a, b) => a.vip - b.vip);
  assert.deepEqual(
    flows.map(({ lastSeen: _, ...flow }) => flow),
    [4 as const, 6 as const].map((family, vip) => ({
      vip,
      family,
      source: family === 4 ? Uint8Array.of(192, 0, 2, 1) : address("2001:db8::1").bytes,
      sourcePort: 31337,
      destinationPort: 80,
      real: 1,
    })),
  );
  // Kept in units of 64 ticks.
  for (const { lastSeen } of flows) assert.ok(Math.abs(lastSeen - before) < 100);
  const [first] = flows;
  assert.equal(run.dataplane.purgeFlows(({ vip }) => vip === first?.vip), 1);
  assert.equal([...run.dataplane.flows()].length, flows.length - 1);
});

rootTest("KernelDataplane: counters are sums over CPUs and can be zeroed", async () => {
  using run = await PacketRun.load();
  const vip: VipOptions = { address: "10.7.0.1", port: 80, protocol: "tcp" };
  run.setup.vip(vip, ["10.0.0.1"]);
  run.run(frameTo(vip));
  run.run(frameTo(vip));
  const sample = run.dataplane.readSample();
  assert.deepEqual(sample.vips.get(0), {
    packets: 2n,
    bytes: 80n,
    newFlows: 0n,
    serverIdMismatch: 0n,
  });
  assert.deepEqual(sample.reals.get(1), { packets: 2n, bytes: 80n });
  assert.equal(sample.counters.get("sent.bytes"), 108n);
  assert.equal(sample.drops.get("no_real"), 0n);
  assert.ok(!sample.drops.has("none") && !sample.drops.has("reasons"));
  run.dataplane.write({ op: "reset-counters", of: "vip", index: 0 });
  run.dataplane.write({ op: "reset-counters", of: "real", index: 1 });
  const after = run.dataplane.readSample();
  assert.equal(after.vips.get(0)?.packets, 0n);
  assert.equal(after.reals.get(1)?.bytes, 0n);
  assert.ok(after.at > sample.at);
});

rootTest("KernelDataplane: server ids, sources and tunnel destinations are listed", async () => {
  using run = await PacketRun.load();
  const { serverIds, sources, decapDestinations } = run.dataplane.maps;
  serverIds.set(0xffffffff, 7);
  serverIds.set(1, 1);
  serverIds.set(1, null);
  assert.deepEqual([...serverIds.entries()], [[0xffffffff, 7]]);
  const prefixes = [
    { address: address("192.168.0.0"), prefixLength: 17 },
    { address: address("fc00:2::"), prefixLength: 64 },
  ];
  for (const prefix of prefixes) sources.set(prefix, prefix.prefixLength);
  assert.deepEqual([...sources.entries()], prefixes.map((prefix) => [prefix, prefix.prefixLength]));
  decapDestinations.set(address("fc00::9"), abi.DecapFlag.DECAP_RETURN);
  assert.deepEqual([...decapDestinations.entries()], [[address("fc00::9"), 2]]);
});

function frameTo({ address: to, port, protocol }: VipOptions): Uint8Array {
  const ethernet = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
  const ip = to.includes(":")
    ? ethernet.ipv6({ source: "2001:db8::1", destination: to })
    : ethernet.ipv4({ source: "192.0.2.1", destination: to });
  const ports = { sourcePort: 31337, destinationPort: port };
  return (protocol === "tcp" ? ip.tcp(ports) : ip.udp(ports)).bytes();
}

function address(text: string) {
  return parseAddress(text) ?? assert.fail(text);
}
