import { concat, fromHex } from "../../../core/packet/bytes.ts";
import { packet, type PacketBuilder } from "../../../core/packet/build.ts";
import { IpProtocol, TcpFlag } from "../../../core/packet/protocol.ts";
import type { DecapOptions } from "../../../ffi/decap.ts";

type Family = 4 | 6;
type Kind = "ipip" | "gue";

/** A frame to the program on reals, and what becomes of it. */
export interface DecapRow {
  readonly name: string;
  /** What differs from: IPIP and GUE for the host's addresses, nothing else. */
  readonly settings?: Partial<DecapOptions["settings"]>;
  readonly packet: Uint8Array;
  /** The frame that passes; null: it is dropped. */
  readonly expected: Uint8Array | null;
  /** Counters that move, each by one. */
  readonly counters: string;
}

/** The host's own addresses. */
export const HOST: Readonly<Record<Family, string>> = { 4: "10.0.0.1", 6: "fc00::1" };
const OTHERS: Readonly<Record<Family, string>> = { 4: "10.0.0.9", 6: "fc00::9" };
const PORTS = { sourcePort: 31337, destinationPort: 80 };
const FAMILIES: readonly Family[] = [4, 6];

function ethernet(tags = 0): PacketBuilder {
  const plain = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
  return tags === 0 ? plain : tags === 1 ? plain.vlan(7) : plain.vlan(7, 0x88a8).vlan(8);
}

interface Outer {
  readonly to?: string;
  readonly tos?: number;
  readonly tags?: number;
  readonly fragment?: number;
}

function tunnel(kind: Kind, family: Family, outer: Outer = {}): PacketBuilder {
  const { to = HOST[family], tos = 0, tags = 0, fragment } = outer;
  const ip = family === 4
    ? ethernet(tags).ipv4({
      source: "172.16.1.1",
      destination: to,
      tos,
      ...fragment === undefined ? {} : { fragment },
    })
    : ethernet(tags).ipv6({ source: "100::1", destination: to, trafficClass: tos });
  return kind === "ipip" ? ip : ip.udp({ sourcePort: 4444, destinationPort: 6080 });
}

function inner(front: PacketBuilder, family: Family, tos = 0, ttl = 1): PacketBuilder {
  return family === 4
    ? front.ipv4({ source: "192.168.1.1", destination: "10.200.1.1", tos, ttl })
    : front.ipv6({
      source: "fc00:2::1",
      destination: "fc00:1::1",
      trafficClass: tos,
      hopLimit: ttl,
    });
}

const udp = (front: PacketBuilder, family: Family, tos = 0) =>
  inner(front, family, tos).udp(PORTS).payload("x").bytes();

/** Every kind of tunnel in every family, around every family, behind every number of tags. */
const stripped: readonly DecapRow[] = (["ipip", "gue"] as const).flatMap((kind) =>
  FAMILIES.flatMap((outside) =>
    FAMILIES.flatMap((inside) =>
      [0, 1, 2].map((tags) => ({
        name: `${kind}, IPv${inside} in IPv${outside}, ${tags} tags; TTL stays`,
        packet: udp(tunnel(kind, outside, { tags }), inside),
        expected: udp(ethernet(tags), inside),
        counters: `${kind}_v${outside}`,
      }))
    )
  )
);

function passed(name: string, frame: Uint8Array, rest: Partial<DecapRow> = {}): DecapRow {
  return { name, packet: frame, expected: frame, counters: "passed", ...rest };
}

function dropped(name: string, frame: Uint8Array, counters: string): DecapRow {
  return { name, packet: frame, expected: null, counters };
}

/** What a fragment is in this family, to a stranger. */
function fragment(family: Family): Uint8Array {
  return family === 4
    ? ethernet().ipv4({ source: "1.2.3.4", destination: "5.6.7.8", fragment: 0x2000 }).udp(PORTS)
      .bytes()
    : ethernet().ipv6({
      source: "fc00::5",
      destination: "fc00::6",
      nextHeader: IpProtocol.fragment,
    }).udp(PORTS).bytes();
}

const untouched: readonly DecapRow[] = FAMILIES.flatMap((family): readonly DecapRow[] => [
  passed(`IPv${family}: no tunnel`, udp(ethernet(), family)),
  passed(
    `IPv${family}: IPIP to others`,
    udp(tunnel("ipip", family, { to: OTHERS[family] }), family),
    {
      counters: "passed not_listed",
    },
  ),
  passed(
    `IPv${family}: GUE to others`,
    udp(tunnel("gue", family, { to: OTHERS[family] }), family),
    {
      counters: "passed not_listed",
    },
  ),
  passed(`IPv${family}: IPIP that is off`, udp(tunnel("ipip", family), family), {
    settings: { ipip: 0 },
  }),
  passed(`IPv${family}: GUE that is off`, udp(tunnel("gue", family), family), {
    settings: { gue: 0 },
  }),
  passed(`IPv${family}: UDP to another port`, udp(tunnel("gue", family), family), {
    settings: { gue_port: 6081 },
  }),
  passed(`IPv${family}: a fragment`, fragment(family)),
  passed(`IPv${family}: no whole IP header`, udp(ethernet(), family).subarray(0, 20)),
]);

const anybody: readonly DecapRow[] = FAMILIES.flatMap((family) =>
  (["ipip", "gue"] as const).map((kind) => ({
    name: `IPv${family}: ${kind} to others, all taken off`,
    settings: { any_destination: 1 },
    packet: udp(tunnel(kind, family, { to: OTHERS[family] }), family),
    expected: udp(ethernet(), family),
    counters: `${kind}_v${family}`,
  }))
);

const refused: readonly DecapRow[] = FAMILIES.flatMap((family): readonly DecapRow[] => [
  {
    ...dropped(`IPv${family}: a fragment, as katran`, fragment(family), "refused"),
    settings: { compat_katran: 1 },
  },
  dropped(
    `IPv${family}: IPIP without a whole inner header`,
    udp(tunnel("ipip", family), family).subarray(0, family === 4 ? 53 : 93),
    "malformed",
  ),
  dropped(`IPv${family}: GUE without anything inside`, tunnel("gue", family).bytes(), "malformed"),
  dropped(
    `IPv${family}: GUE around neither IPv4 nor IPv6`,
    tunnel("gue", family).payload(new Uint8Array(60)).bytes(),
    "malformed",
  ),
]);

/** RFC 6040, figure 4: rows are the inner mark, columns the outer one; null: dropped. */
const ECN: readonly (readonly (number | null)[])[] = [
  [0, 0, 0, null], // Not-ECT under Not-ECT, ECT(1), ECT(0), CE
  [1, 1, 1, 3], // ECT(1)
  [2, 1, 2, 3], // ECT(0)
  [3, 3, 3, 3], // CE
];

const ecn: readonly DecapRow[] = FAMILIES.flatMap((family) =>
  ECN.flatMap((row, inside) =>
    row.map((merged, outside): DecapRow => ({
      name: `IPv${family}: ECN mark ${inside} in ${outside} becomes ${merged ?? "a drop"}`,
      packet: udp(tunnel("ipip", family, { tos: 0xb8 | outside }), family, 0x60 | inside),
      expected: merged === null ? null : udp(ethernet(), family, 0x60 | merged),
      counters: merged === null ? "congested" : `ipip_v${family}`,
    }))
  )
);

/** TCP with the option of server id 100. */
function named(family: Family, front: PacketBuilder, flags: number = TcpFlag.ack): Uint8Array {
  const options = concat(fromHex("b706"), Uint8Array.of(100, 0, 0, 0), fromHex("0101"));
  return inner(front, family).tcp({ ...PORTS, flags, options }).bytes();
}

const serverIds: readonly DecapRow[] = FAMILIES.flatMap((family): readonly DecapRow[] => [
  {
    name: `IPv${family}: the server id of this real`,
    settings: { server_id: 100 },
    packet: named(family, tunnel("gue", family)),
    expected: named(family, ethernet()),
    counters: `gue_v${family} server_id_seen`,
  },
  {
    name: `IPv${family}: the server id of another real`,
    settings: { server_id: 101 },
    packet: named(family, tunnel("ipip", family)),
    expected: named(family, ethernet()),
    counters: `ipip_v${family} server_id_mismatch server_id_seen`,
  },
  {
    name: `IPv${family}: a SYN`,
    settings: { server_id: 101 },
    packet: named(family, tunnel("gue", family), TcpFlag.syn),
    expected: named(family, ethernet(), TcpFlag.syn),
    counters: `gue_v${family}`,
  },
  {
    name: `IPv${family}: no server id`,
    settings: { server_id: 100 },
    packet: inner(tunnel("gue", family), family).tcp(PORTS).bytes(),
    expected: inner(ethernet(), family).tcp(PORTS).bytes(),
    counters: `gue_v${family}`,
  },
]);

/** Everything that the program on reals does. */
export const DECAP_ROWS: readonly DecapRow[] = [
  ...stripped,
  ...untouched,
  ...anybody,
  ...refused,
  ...ecn,
  ...serverIds,
  passed(
    "ARP",
    packet().ethernet("ff:ff:ff:ff:ff:ff", "01:00:00:00:00:00", 0x0806).payload("x").bytes(),
  ),
  passed("half a tag", ethernet(1).payload("").bytes().subarray(0, 16)),
  {
    ...dropped(
      "IP options, as katran",
      ethernet().ipv4({ source: "1.2.3.4", destination: "5.6.7.8", options: new Uint8Array(4) })
        .udp(PORTS).bytes(),
      "refused",
    ),
    settings: { compat_katran: 1 },
  },
];
