import assert from "node:assert/strict";
import type { Family } from "../../../core/addr/types.ts";
import type { PacketBuilder } from "../../../core/packet/build.ts";
import { explainDifference } from "../../../core/packet/diff.ts";
import { DecapFlag } from "../../../ffi/abi.gen.ts";
import type { Client, IpOptions } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { addressOf, REAL, type World } from "../world.ts";

type Kind = "ipip" | "gue";

/** Outer destinations, the last byte of their addresses. */
const FORWARD = 1;
const FOR_HOST = 2;
const RETURN = 3;
const UNLISTED = 9;
const KINDS: readonly Kind[] = ["ipip", "gue"];

function prepare({ run }: World): void {
  const flags = [[FORWARD, 0], [FOR_HOST, DecapFlag.DECAP_PASS], [RETURN, DecapFlag.DECAP_RETURN]];
  for (const [last = 0, bits = 0] of flags) {
    for (const family of [4, 6] as const) {
      run.dataplane.maps.decapDestinations.set(addressOf(endpoint(family, last)), bits);
    }
  }
}

function endpoint(family: Family, last: number): string {
  return family === 4 ? `172.31.0.${last}` : `fc00:31::${last}`;
}

interface TunnelOptions {
  readonly family?: Family;
  readonly tos?: number;
  readonly front?: PacketBuilder;
}

/** The outer headers of a tunnel to one of the endpoints. */
function tunnel(to: Client, kind: Kind, last: number, options: TunnelOptions = {}): PacketBuilder {
  const { family = to.family, tos = 0, front = to.front } = options;
  const destination = endpoint(family, last);
  const outer = family === 4
    ? front.ipv4({ source: "10.9.9.9", destination, tos })
    : front.ipv6({ source: "fc00:9::9", destination, trafficClass: tos });
  return kind === "ipip" ? outer : outer.udp({ sourcePort: 4444, destinationPort: 6080 });
}

const inner = (to: Client, front: PacketBuilder, ip: IpOptions = {}) => to.udp("x", {}, ip, front);

/** The inner packet in Ethernet as received, with this TTL; turned: MACs swapped. */
function assertStripped(frame: Uint8Array, to: Client, ttl: number, turned = false): void {
  const macs = turned ? Uint8Array.of(1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0) : new Uint8Array();
  const expected = inner(to, to.front, { ttl }).patch(0, macs).bytes();
  assert.equal(explainDifference(expected, frame), "");
}

const BALANCED = {
  verdict: "sent",
  real: REAL.current,
  counted: (to: Client) => inner(to, to.front),
} as const;

function rowsOf(kind: Kind): readonly PacketRow[] {
  const stripped = `decap_${kind}_{v} decap_listed`;
  const forwarded = `${stripped} decap_forwarded_{v}`;
  return [
    {
      name: `${kind}: to a listed address`,
      packet: (to) => inner(to, tunnel(to, kind, FORWARD)),
      ...BALANCED,
      counters: `${forwarded} ring_picks`,
    },
    {
      name: `${kind}: behind tags`,
      packet: (to) => inner(to, tunnel(to, kind, FORWARD, { front: to.front.vlan(7).vlan(8) })),
      ...BALANCED,
      counters: `${forwarded} ring_picks`,
    },
    {
      name: `${kind}: a ping inside is answered`,
      packet: (to) =>
        to.ip({}, tunnel(to, kind, FORWARD)).icmp({ type: to.family === 4 ? 8 : 128 }),
      verdict: "sent",
      counters: `${forwarded} echo_{v}`,
    },
    {
      name: `${kind}: what is for no VIP passes, without its tunnel`,
      packet: (to) => to.udp("x", { destinationPort: 9 }, {}, tunnel(to, kind, FORWARD)),
      verdict: "passed",
      counters: forwarded,
      frame: (frame, to) => assert.equal(frame.length, inner(to, to.front).bytes().length),
    },
    {
      name: `${kind}: to an address of this host`,
      packet: (to) => inner(to, tunnel(to, kind, FOR_HOST)),
      verdict: "passed",
      counters: stripped,
      frame: (frame, to) => assertStripped(frame, to, 63),
    },
    {
      name: `${kind}: to an address that sends back`,
      packet: (to) => inner(to, tunnel(to, kind, RETURN)),
      verdict: "sent",
      counters: `${stripped} decap_returned_{v}`,
      frame: (frame, to) => assertStripped(frame, to, 63, true),
    },
    {
      name: `${kind}: to others`,
      packet: (to) => inner(to, tunnel(to, kind, UNLISTED)),
      verdict: "passed",
    },
    {
      name: `${kind}: TTL 1`,
      packet: (to) => inner(to, tunnel(to, kind, FORWARD), { ttl: 1 }),
      verdict: "dropped",
      drop: "decap_ttl",
      counters: "decap_listed",
    },
    {
      name: `${kind}: TTL 0`,
      packet: (to) => inner(to, tunnel(to, kind, FOR_HOST), { ttl: 0 }),
      verdict: "dropped",
      drop: "decap_ttl",
      counters: "decap_listed",
    },
    {
      name: `${kind}: a congestion mark that the sender would not understand`,
      packet: (to) => inner(to, tunnel(to, kind, FORWARD, { tos: 3 })),
      verdict: "dropped",
      drop: "decap_ecn",
      counters: "decap_listed",
    },
    {
      name: `${kind}: a congestion mark that the sender understands`,
      packet: (to) => inner(to, tunnel(to, kind, FORWARD, { tos: 3 }), { tos: 2 }),
      ...BALANCED,
      counters: `${forwarded} ring_picks`,
    },
    {
      name: `${kind}: no whole inner header`,
      packet: (to) =>
        inner(to, tunnel(to, kind, FORWARD)).truncate(
          tunnel(to, kind, FORWARD).bytes().length + (to.family === 4 ? 19 : 39),
        ),
      verdict: "dropped",
      drop: "decap_malformed",
      counters: "decap_listed",
    },
  ];
}

/** Tunnels of one family in the other. */
function crossedRows(kind: Kind): readonly PacketRow[] {
  return ([4, 6] as const).map((family) => ({
    name: `${kind}: in IPv${10 - family}`,
    packet: (to: Client) => inner(to, tunnel(to, kind, FORWARD, { family: family === 4 ? 6 : 4 })),
    ...BALANCED,
    families: [family],
    counters: `decap_${kind}_v${10 - family} decap_listed decap_forwarded_{v} ring_picks`,
  }));
}

function nested(rounds: number): (to: Client) => PacketBuilder {
  return (to) => {
    let front = to.front;
    for (let round = 0; round < rounds; round++) front = tunnel(to, "ipip", FORWARD, { front });
    return inner(to, front);
  };
}

const nesting: readonly PacketRow[] = [
  {
    name: "four tunnels in each other",
    packet: nested(4),
    ...BALANCED,
    counters: "decap_ipip_{v}*4 decap_listed*4 decap_forwarded_{v}*4 ring_picks",
  },
  {
    name: "five tunnels in each other: four are taken off",
    packet: nested(5),
    verdict: "passed",
    counters: "decap_ipip_{v}*4 decap_listed*4 decap_forwarded_{v}*4",
    frame: (frame, to) => assert.equal(frame.length, nested(1)(to).bytes().length),
  },
];

const gue: readonly PacketRow[] = [
  {
    name: "gue: nothing inside",
    packet: (to) => tunnel(to, "gue", FORWARD),
    verdict: "dropped",
    drop: "decap_malformed",
    counters: "decap_listed",
  },
  {
    name: "gue: neither IPv4 nor IPv6 inside",
    packet: (to) => tunnel(to, "gue", FORWARD).payload(new Uint8Array(64)),
    verdict: "dropped",
    drop: "decap_malformed",
    counters: "decap_listed",
  },
];

/** Section 6 of docs/dataplane.md. */
export const decapTables: readonly PacketTable[] = [
  {
    name: "tunnels",
    settings: { decap_ipip: 1, decap_gue: 1 },
    vips: { web: {} },
    prepare,
    rows: [...KINDS.flatMap(rowsOf), ...KINDS.flatMap(crossedRows), ...nesting, ...gue],
  },
  {
    name: "tunnels to anybody, as katran",
    settings: { decap_ipip: 1, decap_gue: 1, decap_any: 1 },
    vips: { web: {} },
    prepare,
    rows: KINDS.map((kind) => ({
      name: `${kind}: to others`,
      packet: (to) => inner(to, tunnel(to, kind, UNLISTED)),
      verdict: "passed",
      counters: `decap_${kind}_{v}`,
      frame: (frame, to) => assertStripped(frame, to, 63),
    })),
  },
  {
    name: "GUE alone",
    settings: { decap_gue: 1, gue_port: 1000 },
    vips: { web: {} },
    prepare,
    rows: [
      {
        name: "IPIP to a listed address passes",
        packet: (to) => inner(to, tunnel(to, "ipip", FORWARD)),
        verdict: "passed",
      },
      {
        name: "UDP to a VIP of GUE's port is a datagram like others",
        packet: (to) => to.udp("x"),
        verdict: "sent",
        real: REAL.current,
        counters: "ring_picks",
      },
    ],
  },
];
