import assert from "node:assert/strict";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { vip, wish } from "../../core/plan/test_support.ts";
import { planDesired } from "../../core/plan/plan_desired.ts";
import { planOptions } from "../../core/plan/plan_options.ts";
import * as abi from "../../ffi/abi.gen.ts";
import { attachBalancer } from "../../ffi/attach.ts";
import { BpfMap } from "../../ffi/bpf_map.ts";
import { decode, encode } from "../../ffi/codec.ts";
import { copyMap } from "../../ffi/copy_map.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import { frozenSettings } from "../../ffi/frozen_settings.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { BPF_MAP_TYPE_HASH } from "../../ffi/libbpf/kernel.gen.ts";
import { loadBalancer, tableSettingsOf } from "../../ffi/load_balancer.ts";
import type { Migration } from "../../ffi/migrate.ts";
import { Pins } from "../../ffi/pins.ts";
import { previousProgram } from "../../ffi/rollback.ts";
import { upgradeBalancer } from "../../ffi/upgrade.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { TempBpffs } from "../support/bpffs.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

/** A version that never was: its settings say 0, and its members hold twice their weight. */
const FROM_ZERO: Migration = {
  from: 0,
  settings: (old) => {
    const { abi_version: _, ...settings } = decode(abi.Settings, old);
    return settings;
  },
  values: {
    members: (value) => {
      const member = decode(abi.Member, value);
      return encode(abi.Member, { ...member, weight: member.weight / 2 });
    },
  },
};

const DESIRED = wish(
  vip("198.51.100.1:80", ["10.0.0.1", "10.0.0.2"]),
  vip("[2001:db8::1]:0", ["fc00::1", "10.0.0.2"], { encap: "gue" }),
);

const SIZES = {
  capacity: { maxVips: 16, maxReals: 64, maxFlows: 1024 },
  host: {
    gateway_mac: parseMac("02:00:00:00:00:01") ?? assert.fail(),
    gue_source_v4: Uint8Array.of(192, 0, 2, 1),
    gue_source_v6: new Uint8Array(16).fill(1),
  },
} as const;

rootTest("upgradeBalancer() brings maps of an older layout along", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  const object = await bpfObject("lb");
  const { ifindex } = attachOld(object, veth.name, bpffs.path);
  fill(object, bpffs.path);
  const upgrade = (migrations: readonly Migration[]) =>
    upgradeBalancer(
      { balancer: "main", object, settings: {}, version: "2.0.0", bpffs: bpffs.path },
      migrations,
    );
  const before = queryXdp(ifindex)[0]?.id;
  assert.throws(
    () => KernelDataplane.open("main", bpffs.path),
    /version 0, this weir wants 1; bring/,
  );
  assert.throws(() => upgrade([]), /knows no way from there to 1/);
  assert.equal(queryXdp(ifindex)[0]?.id, before);
  upgrade([FROM_ZERO]);

  assert.notEqual(queryXdp(ifindex)[0]?.id, before);
  using now = KernelDataplane.open("main", bpffs.path);
  const state = now.readState();
  assert.deepEqual([state.capacity.maxVips, state.capacity.maxReals], [16, 64]);
  // The same wish writes nothing: VIPs, reals, members and their weights all came along.
  const plan = planDesired(state, (index) => now.readRing(index), DESIRED, planOptions(now));
  assert.deepEqual(plan.changes, []);
  assert.equal(now.readRing(0)?.slots.length, 65537);
  assert.equal([...now.flows()].length, 1);
  assert.equal(now.maps.host.get().any_port_vips, 1);
  const { abi_version, version, ifname } = now.maps.info.get();
  assert.deepEqual([abi_version, version, ifname], [abi.WEIR_ABI_VERSION, "2.0.0", veth.name]);
  assert.equal(previousProgram("main", bpffs.path), null);
  const pins = [...Deno.readDirSync(`${bpffs.path}/weir/main/maps`)].map(({ name }) => name);
  assert.deepEqual(pins.filter((name) => /_(next|previous)$/.test(name)), []);
});

rootTest("copyMap() copies values of one size to values of another", () => {
  const spec = { name: "test", type: BPF_MAP_TYPE_HASH, keySize: 4, maxEntries: 5000 };
  using from = BpfMap.create({ ...spec, valueSize: 4 });
  using to = BpfMap.create({ ...spec, valueSize: 8 });
  const entries = Array.from({ length: 3000 }, (_, i) => Uint8Array.of(i & 255, i >> 8, 0, 0));
  from.updateBatch(entries.map((bytes) => [bytes, bytes]));
  copyMap(from, to, (value) => Uint8Array.of(...value, 1, 2, 3, 4));
  for (const key of entries) assert.deepEqual(to.lookup(key), Uint8Array.of(...key, 1, 2, 3, 4));
});

function attachOld(object: Uint8Array, ifname: string, bpffs: string) {
  // The loader lets settings win that it was not asked for: so a version that never was.
  const settings = { ...defaultSettings({ conn_rate: 77 }), abi_version: 0 };
  return attachBalancer({
    ...{ balancer: "main", ifname, mode: "auto", version: "1.0.0", bpffs, object, settings },
    ...SIZES,
  });
}

/** Writes as that version would have: everything as now, but weights twice. */
function fill(object: Uint8Array, bpffs: string): void {
  const pins = new Pins("main", bpffs);
  using rodata = pins.openMap(".rodata");
  const { abi_version: _, ...settings } = decode(abi.Settings, frozenSettings(rodata).bytes);
  // A program that is never attached lends its settings to the classes that want this version.
  using lender = loadBalancer({ ...SIZES, object, settings, tables: tableSettingsOf(settings) });
  using old = new KernelDataplane((name) =>
    name === ".rodata" ? lender.map(name) : pins.openMap(name)
  );
  for (const write of planDesired(old.readState(), () => null, DESIRED, planOptions(old)).writes) {
    if (write.op !== "member" || write.member === null) old.write(write);
    else old.write({ ...write, member: { ...write.member, weight: 2 * write.member.weight } });
  }
  const source = Uint8Array.of(192, 0, 2, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const key = { src: source, sport: 1234, dport: 80, vip: 0, dst: 0 };
  assert.ok(old.maps.flows.set(key, { real: 1, lastSeen: old.now() }));
}
