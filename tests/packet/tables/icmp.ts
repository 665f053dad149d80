import assert from "node:assert/strict";
import { readU16 } from "../../../core/packet/bytes.ts";
import { fold, negate } from "../../../core/packet/checksum.ts";
import { explainDifference } from "../../../core/packet/diff.ts";
import { IpProtocol, TcpFlag } from "../../../core/packet/protocol.ts";
import { EchoMode } from "../../../ffi/abi.gen.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL } from "../world.ts";

const PASSED = { verdict: "passed" } as const;
const RELAYED = {
  verdict: "sent",
  real: REAL.current,
  counters: "icmp_error_{v} ring_picks",
} as const;

/** The reply as a host would write it. */
function assertReply(frame: Uint8Array, to: Client, from: string): void {
  const reply = to.front.patch(0, Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0));
  const expected = to.ip({ source: from, destination: to.address, ttl: 64 }, reply)
    .icmp({ type: to.family === 4 ? 0 : 129, rest: 0x10001 }).payload("ab").bytes();
  assert.equal(explainDifference(expected, frame), "");
}

const REPLIED = { verdict: "sent", counters: "echo_{v}" } as const;
const toVip: PacketRow = {
  name: "a ping to a VIP",
  packet: (to) => to.ping({ ttl: 3 }),
  ...REPLIED,
  frame: (frame, to) => assertReply(frame, to, to.vip.address),
};
const toStranger: PacketRow = {
  name: "a ping to others",
  packet: (to) => to.ping({ destination: to.stranger }),
  ...REPLIED,
  frame: (frame, to) => assertReply(frame, to, to.stranger),
};
const unanswered = ({ name, packet }: PacketRow): PacketRow => ({ name, packet, ...PASSED });
const tagged: PacketRow = {
  name: "a ping behind a tag",
  packet: (to) => to.ip({}, to.front.vlan(7)).icmp({ type: to.family === 4 ? 8 : 128 }),
  ...REPLIED,
};
const crossed: PacketRow = {
  name: "a ping of the other family",
  packet: (to) =>
    to.ip({ protocol: to.family === 4 ? IpProtocol.icmpv6 : IpProtocol.icmp })
      .icmp({ type: to.family === 4 ? 128 : 8 }).payload("ab"),
  ...PASSED,
};

/** Where adding or taking away one carries or borrows. */
const EDGES = [0x0000, 0x00ff, 0x0100, 0xf7ff, 0xf8ff, 0xfeff, 0xffff];

/** The checksum follows the type (RFC 1624), around the end if need be; 0 and 0xffff are one. */
const edges: readonly PacketRow[] = EDGES.map((checksum) => ({
  name: `a ping with checksum ${checksum.toString(16).padStart(4, "0")}`,
  packet: (to) => to.ping({}, checksum),
  ...REPLIED,
  frame: (frame, { family }) => {
    const expected = fold(checksum + (family === 4 ? 0x0800 : negate(0x0100)));
    assert.equal(readU16(frame, family === 4 ? 36 : 56) % 0xffff, expected % 0xffff);
  },
}));

const relayed: readonly PacketRow[] = [
  {
    name: "unreachable, about UDP",
    packet: (to) => to.icmpError(to.udpAnswer()),
    ...RELAYED,
  },
  {
    name: "unreachable, with eight bytes of TCP",
    packet: (to) => to.icmpError(to.tcpAnswer(), { shown: to.family === 4 ? 28 : 48 }),
    ...RELAYED,
  },
  {
    name: "a quoted SYN is no SYN",
    packet: (to) => to.icmpError(to.tcpAnswer({ flags: TcpFlag.syn | TcpFlag.ack })),
    ...RELAYED,
  },
  {
    name: "fragmentation needed",
    packet: (to) => to.icmpError(to.tcpAnswer(), { tooBig: true, mtu: 1400 }),
    families: [4],
    ...RELAYED,
    counters: `${RELAYED.counters} frag_needed_v4`,
  },
  {
    name: "fragmentation needed, to less than IPv6 needs",
    packet: (to) => to.icmpError(to.tcpAnswer(), { tooBig: true, mtu: 1279 }),
    families: [4],
    ...RELAYED,
    counters: `${RELAYED.counters} frag_needed_v4 frag_needed_small_v4`,
  },
  {
    name: "packet too big",
    packet: (to) => to.icmpError(to.tcpAnswer(), { tooBig: true, mtu: 1280 }),
    families: [6],
    ...RELAYED,
    counters: `${RELAYED.counters} too_big_v6`,
  },
  {
    name: "packet too big, below the least of IPv6",
    packet: (to) => to.icmpError(to.tcpAnswer(), { tooBig: true, mtu: 1279 }),
    families: [6],
    ...RELAYED,
    counters: `${RELAYED.counters} too_big_v6 too_big_small_v6`,
  },
  {
    name: "packet too big, with an MTU of 65536 and more",
    packet: (to) => to.icmpError(to.tcpAnswer(), { tooBig: true, mtu: 0x10000 }),
    families: [6],
    ...RELAYED,
    counters: `${RELAYED.counters} too_big_v6`,
  },
];

const notRelayed: readonly PacketRow[] = [
  {
    name: "about a packet of nobody here",
    packet: (to) => to.icmpError(to.tcpAnswer({}, { source: to.stranger })),
    ...PASSED,
  },
  {
    name: "about another port",
    packet: (to) => to.icmpError(to.tcpAnswer({ sourcePort: 9 })),
    ...PASSED,
  },
  {
    name: "about a ping",
    packet: (to) => to.icmpError(to.tcpAnswer({}, { protocol: IpProtocol.icmp })),
    ...PASSED,
  },
  {
    name: "time exceeded",
    packet: (to) => to.icmpError(to.tcpAnswer(), { type: to.family === 4 ? 11 : 3 }),
    ...PASSED,
  },
  {
    name: "a parameter problem",
    packet: (to) => to.icmpError(to.tcpAnswer(), { type: to.family === 4 ? 12 : 4 }),
    ...PASSED,
  },
  {
    name: "a quote without a whole IP header",
    packet: (to) => to.icmpError(to.tcpAnswer(), { shown: to.family === 4 ? 19 : 39 }),
    verdict: "dropped",
    drop: "icmp_quote",
  },
  {
    name: "a quote of seven bytes of TCP",
    packet: (to) => to.icmpError(to.tcpAnswer(), { shown: to.family === 4 ? 27 : 47 }),
    verdict: "dropped",
    drop: "icmp_quote",
  },
  {
    name: "a quote with IP options",
    packet: (to) => to.icmpError(to.tcpAnswer({}, { options: new Uint8Array(4) })),
    families: [4],
    verdict: "dropped",
    drop: "icmp_quote",
  },
  {
    name: "a quote that is too short, for others",
    packet: (to) => to.icmpError(to.tcpAnswer(), { shown: 7 }, { destination: to.stranger }),
    ...PASSED,
  },
  {
    name: "fragmentation needed is counted for others too",
    packet: (to) =>
      to.icmpError(to.tcpAnswer({}, { source: to.stranger }), { tooBig: true, mtu: 1000 }, {
        destination: to.stranger,
      }),
    families: [4],
    ...PASSED,
    counters: "frag_needed_v4 frag_needed_small_v4",
  },
];

/** Section 2 of docs/dataplane.md. */
export const icmpTables: readonly PacketTable[] = [
  {
    name: "pings, answered for VIPs",
    vips: { web: {} },
    rows: [toVip, unanswered(toStranger), tagged, crossed, ...edges],
  },
  {
    name: "pings, all answered",
    vips: { web: {} },
    settings: { echo: EchoMode.ECHO_ANY },
    rows: [toVip, toStranger, tagged, crossed],
  },
  {
    name: "pings, none answered",
    vips: { web: {} },
    settings: { echo: EchoMode.ECHO_OFF },
    rows: [toVip, toStranger, tagged, crossed].map(unanswered),
  },
  { name: "ICMP errors", vips: { web: {} }, rows: [...relayed, ...notRelayed] },
];
