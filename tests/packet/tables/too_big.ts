import assert from "node:assert/strict";
import type { PacketBuilder } from "../../../core/packet/build.ts";
import { explainDifference } from "../../../core/packet/diff.ts";
import type { BalancerSettings } from "../../../ffi/default_settings.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL, type VipSpec } from "../world.ts";

const ETHERNET = 14;
const UDP = 8;
const MACS_TURNED = Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0);
const QUOTED = { 4: 84, 6: 248 } as const;

/** A datagram whose IP packet has so many bytes. */
function datagram(to: Client, ipBytes: number, front?: PacketBuilder): PacketBuilder {
  const payload = new Uint8Array(ipBytes - UDP - (to.family === 4 ? 20 : 40)).fill(0x78);
  return to.udp(payload, {}, {}, front);
}

/** The ICMP message that a router would write, behind the headers of `front`. */
function assertAnswer(frame: Uint8Array, to: Client, front: PacketBuilder, mtu: number): void {
  const sent = datagram(to, frameLimit(mtu), front).bytes();
  const l2 = front.bytes().length;
  const answer = to.ip({ source: to.vip.address, destination: to.address }, front)
    .icmp({ type: to.family === 4 ? 3 : 2, code: to.family === 4 ? 4 : 0, rest: mtu })
    .payload(sent.subarray(l2, l2 + QUOTED[to.family])).patch(0, MACS_TURNED);
  assert.equal(explainDifference(answer.bytes(), frame), "");
}

/** One byte more than fits. */
function frameLimit(mtu: number): number {
  return mtu + 1;
}

function fits(vip: string, mtu: number, real: number): PacketRow {
  return {
    name: `${vip}: ${mtu} bytes fit`,
    vip,
    packet: (to) => datagram(to, mtu),
    verdict: "sent",
    real,
    counters: "ring_picks",
  };
}

function answered(vip: string, mtu: number): PacketRow {
  return {
    name: `${vip}: ${mtu + 1} bytes do not fit`,
    vip,
    packet: (to) => datagram(to, frameLimit(mtu)),
    verdict: "sent",
    counters: "ring_picks too_big_sent_{v}",
    frame: (frame, to) => assertAnswer(frame, to, to.front, mtu),
  };
}

const TAGGED = (to: Client) => to.front.vlan(7, 0x88a8).vlan(8);

const frames: readonly PacketRow[] = [
  fits("web", 1500, REAL.current),
  answered("web", 1500),
  {
    name: "tags do not count",
    packet: (to) => datagram(to, 1500, TAGGED(to)),
    verdict: "sent",
    real: REAL.current,
    counters: "ring_picks",
  },
  {
    name: "an answer keeps the tags",
    packet: (to) => datagram(to, 1501, TAGGED(to)),
    verdict: "sent",
    counters: "ring_picks too_big_sent_{v}",
    frame: (frame, to) => assertAnswer(frame, to, TAGGED(to), 1500),
  },
  {
    name: "nobody answers an ICMP error",
    packet: (to) => to.icmpError(to.udpAnswer()).payload(new Uint8Array(1500)),
    verdict: "dropped",
    drop: "too_big",
    counters: "ring_picks",
  },
];

/** IPIP and GUE to an IPv4 and an IPv6 real. */
const VIPS: Readonly<Record<string, VipSpec>> = {
  ipipV4: {},
  ipipV6: { ring: { current: REAL.prev } },
  gueV4: { encap: "gue" },
  gueV6: { encap: "gue", ring: { current: REAL.prev } },
};

const path: Partial<BalancerSettings> = { path_mtu: 1500, gue: 1 };

/** Section 7 of docs/dataplane.md. */
export const tooBigTables: readonly PacketTable[] = [
  { name: "too big for a frame", vips: { web: {} }, rows: frames },
  {
    name: "too big for the way to the real",
    settings: path,
    vips: VIPS,
    rows: [
      ...[fits("ipipV4", 1480, REAL.current), answered("ipipV4", 1480)],
      ...[fits("ipipV6", 1460, REAL.prev), answered("ipipV6", 1460)],
      ...[fits("gueV4", 1472, REAL.current), answered("gueV4", 1472)],
      ...[fits("gueV6", 1452, REAL.prev), answered("gueV6", 1452)],
    ],
  },
  {
    name: "too big, without answers",
    settings: { too_big: 0 },
    vips: { web: {} },
    rows: [
      {
        name: "is dropped",
        packet: (to) => datagram(to, 1501),
        verdict: "dropped",
        drop: "too_big",
        counters: "ring_picks",
      },
    ],
  },
  {
    name: "too big, but shorter than what an answer quotes",
    settings: { max_frame: 80 },
    vips: { web: {} },
    rows: [
      {
        name: "is dropped",
        packet: (to) => datagram(to, 80 - ETHERNET + 1),
        verdict: "dropped",
        drop: "too_big",
        counters: "ring_picks",
      },
    ],
  },
];
