import assert from "node:assert/strict";
import { TcpFlag } from "../../../core/packet/protocol.ts";
import { FLOW_WAYS } from "../../../ffi/abi.gen.ts";
import { defaultSettings } from "../../../ffi/default_settings.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL, type VipSpec } from "../world.ts";

const { udp_idle: UDP_IDLE, tcp_idle: TCP_IDLE, udp_grace: GRACE } = defaultSettings();
/** An entry's age is known to a second: 64 ticks. */
const SECOND = 64;

const CHANGED = { current: REAL.current, prev: REAL.prev };
const VIPS: Readonly<Record<string, VipSpec>> = {
  stable: {},
  unstable: { ring: CHANGED },
  noPrev: { ring: { current: REAL.current, prev: 0 } },
  prevDown: { ring: { current: REAL.current, prev: REAL.down } },
  prevUnset: { ring: { current: REAL.current, prev: REAL.unset } },
  inGrace: { ring: { ...CHANGED, changedAgo: GRACE - 2 * SECOND } },
  afterGrace: { ring: { ...CHANGED, changedAgo: GRACE + 2 * SECOND } },
  // User space never makes a slot of such a VIP unstable.
  none: { affinity: "none" },
  always: { affinity: "always" },
  migrating: { ring: CHANGED, flags: ["udp-migration"] },
};

const syn = (to: Client) => to.tcp({ flags: TcpFlag.syn });
const data = (to: Client) => to.tcp();
const datagram = (to: Client) => to.udp("x");
/** Something was sent before, and what came of it does not matter. */
const sent = (packet: typeof syn) => (to: Client) => void to.world.run.run(packet(to).bytes());
const known = (protocol: "tcp" | "udp", real: number, ticksAgo: number) => (to: Client) =>
  to.world.remember(to.flowKey(protocol), real, ticksAgo);

const CURRENT = { verdict: "sent", real: REAL.current } as const;
const PREV = { verdict: "sent", real: REAL.prev } as const;
const OTHER = { verdict: "sent", real: REAL.other } as const;

const stable: readonly PacketRow[] = [
  {
    name: "stable slot, SYN",
    packet: syn,
    ...CURRENT,
    counters: "ring_picks syn_picks vip.new_flows",
  },
  { name: "stable slot, data", packet: data, ...CURRENT, counters: "ring_picks" },
  { name: "stable slot, UDP", packet: datagram, ...CURRENT, counters: "ring_picks" },
  {
    name: "stable slots remember nothing",
    packet: (to) => {
      assert.equal(to.world.run.dataplane.maps.flows.used, 0);
      return data(to);
    },
    ...CURRENT,
    counters: "ring_picks",
  },
];

const unstable: readonly PacketRow[] = [
  {
    name: "unstable slot, SYN",
    vip: "unstable",
    packet: syn,
    ...CURRENT,
    counters: "flow_inserts ring_picks syn_picks vip.new_flows",
  },
  {
    name: "unstable slot, data behind a SYN",
    vip: "unstable",
    before: sent(syn),
    packet: data,
    ...CURRENT,
    counters: "flow_hits",
  },
  {
    name: "unstable slot, data that nobody remembers",
    vip: "unstable",
    packet: data,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks unknown_picks",
  },
  {
    name: "unstable slot, data behind data",
    vip: "unstable",
    before: sent(data),
    packet: data,
    ...PREV,
    counters: "flow_hits",
  },
  {
    name: "unstable slot, a SYN takes the entry of its ports over",
    vip: "unstable",
    before: sent(data),
    packet: syn,
    ...CURRENT,
    counters: "flow_inserts ring_picks syn_picks vip.new_flows",
  },
  {
    name: "unstable slot, RST that nobody remembers",
    vip: "unstable",
    packet: (to) => to.tcp({ flags: TcpFlag.rst }),
    ...PREV,
    counters: "prev_picks ring_picks unknown_picks",
  },
  {
    name: "unstable slot, an ICMP error is data of its flow",
    vip: "unstable",
    before: sent(syn),
    packet: (to) => to.icmpError(to.tcpAnswer()),
    ...CURRENT,
    counters: "flow_hits icmp_error_{v}",
  },
  {
    name: "unstable slot, UDP that nobody remembers",
    vip: "unstable",
    packet: datagram,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks",
  },
  {
    name: "unstable slot, UDP behind UDP",
    vip: "unstable",
    before: sent(datagram),
    packet: datagram,
    ...PREV,
    counters: "flow_hits",
  },
];

const prevs: readonly PacketRow[] = [
  ...["noPrev", "prevDown", "prevUnset"].flatMap((vip): readonly PacketRow[] => [
    {
      name: `${vip}, data`,
      vip,
      packet: data,
      ...CURRENT,
      counters: "flow_inserts ring_picks unknown_picks",
    },
    { name: `${vip}, UDP`, vip, packet: datagram, ...CURRENT, counters: "flow_inserts ring_picks" },
  ]),
  {
    name: "UDP within the grace time",
    vip: "inGrace",
    packet: datagram,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks",
  },
  {
    name: "UDP after the grace time",
    vip: "afterGrace",
    packet: datagram,
    ...CURRENT,
    counters: "flow_inserts ring_picks",
  },
  {
    name: "TCP has no grace time",
    vip: "afterGrace",
    packet: data,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks unknown_picks",
  },
];

const entries: readonly PacketRow[] = [
  {
    name: "a UDP flow that was silent, but not too long",
    vip: "unstable",
    before: known("udp", REAL.other, UDP_IDLE - 2 * SECOND),
    packet: datagram,
    ...OTHER,
    counters: "flow_hits",
  },
  {
    name: "a UDP flow that was silent too long",
    vip: "unstable",
    before: known("udp", REAL.other, UDP_IDLE + 2 * SECOND),
    packet: datagram,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks",
  },
  {
    name: "a TCP flow may be silent longer",
    vip: "unstable",
    before: known("tcp", REAL.other, TCP_IDLE - 2 * SECOND),
    packet: data,
    ...OTHER,
    counters: "flow_hits",
  },
  {
    name: "a TCP flow that was silent too long",
    vip: "unstable",
    before: known("tcp", REAL.other, TCP_IDLE + 2 * SECOND),
    packet: data,
    ...PREV,
    counters: "flow_inserts prev_picks ring_picks unknown_picks",
  },
  {
    name: "a flow in use does not grow old",
    vip: "unstable",
    before: (to) => {
      known("udp", REAL.other, UDP_IDLE - 2 * SECOND)(to);
      to.world.run.run(datagram(to).bytes());
      const { maps, now } = {
        maps: to.world.run.dataplane.maps,
        now: to.world.run.dataplane.now(),
      };
      const seen = maps.flows.get(to.flowKey("udp"))?.lastSeen ?? 0;
      assert.ok(now - seen <= 2 * SECOND, `seen ${now - seen} ticks ago`);
    },
    packet: datagram,
    ...OTHER,
    counters: "flow_hits",
  },
  {
    name: "a flow of a real that is down",
    vip: "unstable",
    before: known("tcp", REAL.down, 0),
    packet: data,
    ...PREV,
    counters: "flow_inserts flow_unusable prev_picks ring_picks unknown_picks",
  },
  {
    name: "a flow of a real without an entry",
    vip: "unstable",
    before: known("udp", REAL.unset, 0),
    packet: datagram,
    ...PREV,
    counters: "flow_inserts flow_unusable prev_picks ring_picks",
  },
  {
    name: "a flow that migrates",
    vip: "migrating",
    before: known("udp", REAL.down, 0),
    packet: datagram,
    ...PREV,
    counters: "flow_inserts flow_unusable prev_picks ring_picks udp_migrated",
  },
];

const others: readonly PacketRow[] = [
  { name: "affinity none, data", vip: "none", packet: data, ...CURRENT, counters: "ring_picks" },
  { name: "affinity none, UDP", vip: "none", packet: datagram, ...CURRENT, counters: "ring_picks" },
  {
    name: "affinity always, SYN",
    vip: "always",
    packet: syn,
    ...CURRENT,
    counters: "flow_inserts ring_picks syn_picks vip.new_flows",
  },
  {
    name: "affinity always, data",
    vip: "always",
    packet: data,
    ...CURRENT,
    counters: "flow_inserts ring_picks unknown_picks",
  },
  {
    name: "affinity always, an entry against the ring",
    vip: "always",
    before: known("udp", REAL.other, 0),
    packet: datagram,
    ...OTHER,
    counters: "flow_hits",
  },
];

/** Eight flows in use fill a bucket, and this table has one. */
function fill(to: Client): void {
  const key = to.flowKey("tcp");
  for (let way = 0; way < FLOW_WAYS; way++) {
    to.world.remember({ ...key, sport: 40000 + way }, REAL.other, 0);
  }
}

const crowded: readonly PacketRow[] = [
  {
    name: "flows in use keep their places",
    vip: "unstable",
    before: fill,
    packet: syn,
    ...CURRENT,
    counters: "flow_crowded ring_picks syn_picks vip.new_flows",
  },
];

/** Affinity: section 4 of docs/dataplane.md, and the table in its design. */
export const affinityTables: readonly PacketTable[] = [
  { name: "affinity, stable slots", vips: VIPS, rows: stable },
  { name: "affinity, unstable slots", vips: VIPS, rows: unstable },
  { name: "affinity, the real before the change", vips: VIPS, rows: prevs },
  {
    name: "affinity, entries of the flow table",
    vips: VIPS,
    settings: { udp_migration: 1 },
    rows: entries,
  },
  { name: "affinity, none and always", vips: VIPS, rows: others },
  ...([4, 6] as const).map((family): PacketTable => ({
    name: `affinity, a full flow table, IPv${family}`,
    vips: VIPS,
    maxFlows: FLOW_WAYS,
    rows: crowded.map((row) => ({ ...row, families: [family] })),
  })),
];
