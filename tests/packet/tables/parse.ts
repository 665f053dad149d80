import assert from "node:assert/strict";
import type { PacketBuilder } from "../../../core/packet/build.ts";
import { toHex } from "../../../core/packet/bytes.ts";
import { IpProtocol, TcpFlag } from "../../../core/packet/protocol.ts";
import type { Client, IpOptions } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL } from "../world.ts";

/** A tag of VLAN 7 and one of VLAN 8. */
function tagged(client: Client): PacketBuilder {
  return client.front.vlan(7, 0x88a8).vlan(8);
}

/** A whole frame, cut. */
function cut(packet: PacketBuilder, length: number): Uint8Array {
  return packet.truncate(length).bytes();
}

/** Bytes of Ethernet and IP header. */
function network({ family }: Client): number {
  return family === 4 ? 34 : 54;
}

const RING = { verdict: "sent", real: REAL.current, counters: "ring_picks" } as const;
const PASSED = { verdict: "passed" } as const;
const BAD_OPTIONS = new Uint8Array(4);
/** Next header 44, or "more fragments". */
const FRAGMENT = { 4: { fragment: 0x2000 }, 6: { protocol: IpProtocol.fragment } };

const flows: readonly PacketRow[] = [
  { name: "TCP data goes by the ring", packet: (to) => to.tcp(), ...RING },
  {
    name: "a SYN is counted",
    packet: (to) => to.tcp({ flags: TcpFlag.syn }),
    ...RING,
    counters: "ring_picks syn_picks vip.new_flows",
  },
  {
    name: "SYN and ACK together are a SYN",
    packet: (to) => to.tcp({ flags: TcpFlag.syn | TcpFlag.ack }),
    ...RING,
    counters: "ring_picks syn_picks vip.new_flows",
  },
  { name: "a RST goes by the ring", packet: (to) => to.tcp({ flags: TcpFlag.rst }), ...RING },
  { name: "UDP goes by the ring", packet: (to) => to.udp("x"), ...RING },
  { name: "UDP without a checksum", packet: (to) => to.udp("x", { checksum: 0 }), ...RING },
  { name: "TTL 0 is no concern", packet: (to) => to.tcp({}, { ttl: 0 }), ...RING },
  {
    name: "don't fragment and the reserved bit are no fragment",
    packet: (to) => to.tcp({}, { fragment: 0xc000 }),
    families: [4],
    ...RING,
  },
  {
    name: "one tag stays",
    packet: (to) => to.tcp({}, {}, to.front.vlan(7)),
    ...RING,
    frame: (frame) => assert.deepEqual(toHex(frame.subarray(12, 16)), "81000007"),
  },
  {
    name: "an 802.1ad tag stays",
    packet: (to) => to.udp("x", {}, {}, to.front.vlan(7, 0x88a8)),
    ...RING,
    frame: (frame) => assert.deepEqual(toHex(frame.subarray(12, 16)), "88a80007"),
  },
  {
    name: "two tags stay",
    packet: (to) => to.tcp({}, {}, tagged(to)),
    ...RING,
    frame: (frame) => assert.deepEqual(toHex(frame.subarray(12, 20)), "88a8000781000008"),
  },
];

const others: readonly PacketRow[] = [
  { name: "a third tag", packet: (to) => to.tcp({}, {}, tagged(to).vlan(9)), ...PASSED },
  { name: "another EtherType", packet: (to) => to.front.vlan(7, 0x9100).payload("x"), ...PASSED },
  { name: "SCTP", packet: (to) => to.ip({ protocol: 132 }).payload("x".repeat(32)), ...PASSED },
  {
    name: "a hop-by-hop header",
    packet: (to) => to.ip({ protocol: 0 }).payload("x".repeat(32)),
    ...PASSED,
  },
  { name: "another address", packet: (to) => to.tcp({}, { destination: to.stranger }), ...PASSED },
  { name: "another port", packet: (to) => to.tcp({ destinationPort: 9 }), ...PASSED },
  {
    name: "a tunnel that nobody asked to take off",
    packet: (to) => to.ip({ protocol: 4 }).payload("x".repeat(32)),
    ...PASSED,
  },
];

/** Ethernet, tags or IP header cut: dropped whoever it is for. */
const stumps: readonly PacketRow[] = [
  {
    name: "no complete tag",
    packet: (to) => cut(to.tcp({}, {}, to.front.vlan(7)), 17),
    verdict: "dropped",
    drop: "frame_short",
  },
  {
    name: "no complete second tag",
    packet: (to) => cut(to.tcp({}, {}, tagged(to)), 21),
    verdict: "dropped",
    drop: "frame_short",
  },
  {
    name: "no IP header",
    packet: (to) => cut(to.tcp(), 14),
    verdict: "dropped",
    drop: "ip_truncated",
  },
  {
    name: "no complete IP header behind tags",
    packet: (to) => cut(to.tcp({}, {}, tagged(to)), 8 + network(to) - 1),
    verdict: "dropped",
    drop: "ip_truncated",
  },
];

/** What a real could not use: dropped for a VIP's address, whatever the port. */
interface Useless extends Pick<PacketRow, "name" | "families"> {
  readonly drop: string;
  readonly packet: (client: Client, ip: IpOptions) => PacketBuilder | Uint8Array;
}

const useless: readonly Useless[] = [
  {
    name: "no complete TCP header",
    drop: "l4_truncated",
    packet: (to, ip) => cut(to.tcp({}, ip), network(to) + 19),
  },
  {
    name: "no complete UDP header",
    drop: "l4_truncated",
    packet: (to, ip) => cut(to.udp("", {}, ip), network(to) + 7),
  },
  {
    name: "no complete ICMP header",
    drop: "l4_truncated",
    packet: (to, ip) => cut(to.ping(ip), network(to) + 7),
  },
  {
    name: "a fragment",
    drop: "fragment",
    packet: (to, ip) => to.tcp({}, { ...ip, ...FRAGMENT[to.family] }),
  },
  {
    name: "a late fragment",
    drop: "fragment",
    packet: (to, ip) => to.udp("x", {}, { ...ip, ...FRAGMENT[to.family], fragment: 1 }),
  },
  {
    name: "a fragment behind a tag",
    drop: "fragment",
    packet: (to, ip) => to.tcp({}, { ...ip, ...FRAGMENT[to.family] }, to.front.vlan(7)),
  },
  {
    name: "a fragment of a ping",
    drop: "fragment",
    packet: (to, ip) => to.ping({ ...ip, ...FRAGMENT[to.family] }),
  },
  {
    name: "IP options",
    drop: "ip_options",
    packet: (to, ip) => to.tcp({}, { ...ip, options: BAD_OPTIONS }),
    families: [4],
  },
];

/** For the VIP and for somebody else, whose packets katran drops as well. */
function uselessRows(katran: boolean): readonly PacketRow[] {
  return useless.flatMap(({ name, drop, packet, families = [4, 6] }): readonly PacketRow[] => [
    {
      name: `${name} for a VIP`,
      packet: (to) => packet(to, {}),
      families,
      verdict: "dropped",
      drop,
    },
    {
      name: `${name} for others`,
      packet: (to) => packet(to, { destination: to.stranger }),
      families,
      ...katran ? { verdict: "dropped", drop } : { verdict: "passed" },
    },
  ]);
}

/** Section 1 of docs/dataplane.md. */
export const parseTables: readonly PacketTable[] = [
  { name: "TCP and UDP to a VIP", vips: { web: {} }, rows: flows },
  { name: "not for a VIP", vips: { web: {} }, rows: others },
  { name: "damaged packets", vips: { web: {} }, rows: [...stumps, ...uselessRows(false)] },
  {
    name: "damaged packets, with katran's verdicts",
    vips: { web: {} },
    settings: { compat_katran: 1 },
    rows: [...stumps, ...uselessRows(true)],
  },
];
