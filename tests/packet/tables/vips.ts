import { IpProtocol, TcpFlag } from "../../../core/packet/protocol.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL } from "../world.ts";

const RING = { verdict: "sent", real: REAL.current, counters: "ring_picks" } as const;
const PASSED = { verdict: "passed" } as const;
const NARROW = { 4: 24, 6: 64 } as const;
const WIDE = { 4: 16, 6: 32 } as const;

/** Last bytes of an address changed: the same network, another host. */
function neighbour(address: string): string {
  return address.endsWith("::") ? `${address}9` : address.replace(/\.\d+$/, ".9");
}

const anyPort: readonly PacketRow[] = [
  { name: "any port of its address", vip: "any", packet: (to) => to.tcp(), ...RING },
  {
    name: "another port of its address",
    vip: "any",
    packet: (to) => to.udp("x", { destinationPort: 1 }),
    ...RING,
  },
  {
    name: "a VIP that keeps the port",
    vip: "keeps",
    packet: (to) => to.udp("x", { destinationPort: 1 }),
    ...RING,
  },
  { name: "a VIP that hashes the port only", vip: "dport", packet: (to) => to.tcp(), ...RING },
  { name: "no source port", vip: "nosport", packet: (to) => to.tcp(), ...RING },
  {
    name: "another protocol of its address",
    vip: "any",
    packet: (to) => to.ip({ protocol: 132 }).payload("x".repeat(20)),
    ...PASSED,
  },
];

const prefixes: readonly PacketRow[] = [
  { name: "the first address", vip: "cidr", packet: (to) => to.tcp(), ...RING },
  {
    name: "another address",
    vip: "cidr",
    packet: (to) => to.udp("x", {}, { destination: neighbour(to.vip.address) }),
    ...RING,
  },
  {
    name: "another port",
    vip: "cidr",
    packet: (to) => to.tcp({ destinationPort: 9 }, { destination: neighbour(to.vip.address) }),
    ...PASSED,
  },
  {
    name: "every port",
    vip: "cidrAny",
    packet: (to) => to.tcp({ destinationPort: 9 }, { destination: neighbour(to.vip.address) }),
    ...RING,
  },
  {
    name: "a ping to an address of the prefix",
    vip: "cidr",
    packet: (to) => to.ping({ destination: neighbour(to.vip.address) }),
    verdict: "sent",
    counters: "echo_{v}",
  },
  {
    name: "a fragment to an address of the prefix",
    vip: "cidrAny",
    packet: (to) =>
      to.tcp({}, {
        destination: neighbour(to.vip.address),
        fragment: 0x2000,
        ...to.family === 6 ? { protocol: IpProtocol.fragment } : {},
      }),
    verdict: "dropped",
    drop: "fragment",
  },
  {
    name: "flows to two addresses are two flows: the one",
    vip: "cidrUnstable",
    packet: (to) => to.tcp(),
    verdict: "sent",
    real: REAL.prev,
    counters: "flow_inserts prev_picks ring_picks unknown_picks",
  },
  {
    name: "flows to two addresses are two flows: and the other",
    vip: "cidrUnstable",
    before: (to) => to.world.run.run(to.tcp().bytes()),
    packet: (to) => to.tcp({}, { destination: neighbour(to.vip.address) }),
    verdict: "sent",
    real: REAL.prev,
    counters: "flow_inserts prev_picks ring_picks unknown_picks",
  },
];

const nowhere: readonly PacketRow[] = [
  {
    name: "a VIP without a ring",
    vip: "ringless",
    packet: (to) => to.tcp(),
    verdict: "dropped",
    drop: "no_real",
    counters: "ring_picks",
  },
  {
    name: "a ring without a real",
    vip: "empty",
    packet: (to) => to.tcp({ flags: TcpFlag.syn }),
    verdict: "dropped",
    drop: "no_real",
    counters: "ring_picks syn_picks",
  },
  {
    name: "an unstable ring without a real",
    vip: "emptyUnstable",
    packet: (to) => to.tcp(),
    verdict: "dropped",
    drop: "no_real",
    counters: "ring_picks unknown_picks",
  },
  {
    name: "a real without an entry",
    vip: "unset",
    packet: (to) => to.udp("x"),
    verdict: "dropped",
    drop: "real_unset",
    counters: "ring_picks",
  },
];

/** Section 3 of docs/dataplane.md, and what becomes of a VIP that has no real. */
export const vipTables: readonly PacketTable[] = [
  {
    name: "VIPs of any port",
    vips: {
      any: { anyPort: true },
      keeps: { anyPort: true, flags: ["hash-src-dst-port"] },
      dport: { anyPort: true, flags: ["dport-hash"] },
      nosport: { flags: ["no-source-port"] },
    },
    rows: anyPort,
  },
  {
    name: "VIPs that are prefixes",
    settings: { cidr: 1 },
    vips: {
      cidr: { prefix: NARROW },
      cidrAny: { prefix: NARROW, anyPort: true },
      cidrUnstable: {
        prefix: NARROW,
        ring: { current: REAL.current, prev: REAL.prev },
      },
    },
    rows: prefixes,
  },
  {
    name: "the longest prefix counts",
    settings: { cidr: 1 },
    vips: {
      inner: { prefix: NARROW, anyPort: true },
      outer: { prefix: WIDE, anyPort: true, ring: { current: REAL.other } },
    },
    rows: [
      { name: "in both", vip: "inner", packet: (to) => to.tcp(), ...RING },
      {
        name: "in the wide one only",
        vip: "outer",
        packet: (to) => to.tcp(),
        ...RING,
        real: REAL.other,
      },
    ],
  },
  {
    name: "VIPs without a real",
    vips: {
      ringless: { ring: null },
      empty: { ring: { current: 0 } },
      emptyUnstable: { ring: { current: 0, prev: 0 } },
      unset: { ring: { current: REAL.unset } },
    },
    rows: nowhere,
  },
];
