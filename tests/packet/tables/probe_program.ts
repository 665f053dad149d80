import { packet, type PacketBuilder } from "../../../core/packet/build.ts";

type Family = 4 | 6;

/** A packet of a health checker, and how it leaves. */
export interface ProbeRow {
  readonly name: string;
  readonly packet: Uint8Array;
  /** SO_MARK of the checker's socket. */
  readonly mark: number;
  /** Bytes that are allowed; 0: any number. */
  readonly maxPacket?: number;
  /** Tunnel devices instead of outer headers. */
  readonly tunnels?: boolean;
  /** Verdict as TC_ACT_* without the prefix. */
  readonly verdict: "REDIRECT" | "UNSPEC" | "SHOT";
  /** The frame that leaves or goes on; null: nobody sees it. */
  readonly expected: Uint8Array | null;
  /** The counter that moves. */
  readonly counter: string;
}

/** Reals by mark: IPIP and GUE, IPv4 and IPv6. */
export const MARKS = { ipipV4: 1, ipipV6: 2, gueV4: 3, gueV6: 4 } as const;
/** Addresses of those reals, and of this host. */
export const PROBE_REAL: Readonly<Record<Family, string>> = { 4: "10.0.0.3", 6: "fc00::3" };
export const PROBE_SOURCE: Readonly<Record<Family, string>> = {
  4: "10.0.13.37",
  6: "fc00:2307::1337",
};
export const PROBE_MACS = { local: "00:ff:de:ad:be:af", gateway: "00:00:de:ad:be:af" } as const;
/** What a test puts into the place of the random source port. */
export const PROBE_PORT = 0;

const FAMILIES: readonly Family[] = [4, 6];
const RECEIVED = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");

function check(front: PacketBuilder, family: Family): PacketBuilder {
  const ports = { sourcePort: 31337, destinationPort: 80 };
  return family === 4
    ? front.ipv4({ source: "192.168.1.1", destination: "10.200.1.1", tos: 0x8c }).tcp(ports)
    : front.ipv6({ source: "fc00:2::1", destination: "fc00:1::1", trafficClass: 0x8c }).tcp(ports);
}

/** katran's outer header of checks: ToS 0, TTL 64, id 0; no UDP checksum. */
function outer(family: Family, gue: boolean): PacketBuilder {
  const addresses = { source: PROBE_SOURCE[family], destination: PROBE_REAL[family] };
  const front = packet().ethernet(PROBE_MACS.gateway, PROBE_MACS.local);
  const ip = family === 4 ? front.ipv4(addresses) : front.ipv6(addresses);
  return gue ? ip.udp({ sourcePort: PROBE_PORT, destinationPort: 6080, checksum: 0 }) : ip;
}

const wrapped: readonly ProbeRow[] = FAMILIES.flatMap((inside) =>
  FAMILIES.flatMap((outside) =>
    [false, true].map((gue): ProbeRow => ({
      name: `${gue ? "GUE" : "IPIP"}, IPv${inside} in IPv${outside}`,
      packet: check(RECEIVED, inside).bytes(),
      mark: MARKS[`${gue ? "gue" : "ipip"}V${outside}`],
      verdict: "REDIRECT",
      expected: check(outer(outside, gue), inside).bytes(),
      counter: "sent",
    }))
  )
);

const others: readonly ProbeRow[] = FAMILIES.flatMap((family): readonly ProbeRow[] => {
  const frame = check(RECEIVED, family).bytes();
  return [
    {
      name: `IPv${family}: no mark`,
      packet: frame,
      mark: 0,
      verdict: "UNSPEC",
      expected: frame,
      counter: "skipped",
    },
    {
      name: `IPv${family}: a mark of nobody`,
      packet: frame,
      mark: 99,
      verdict: "UNSPEC",
      expected: frame,
      counter: "skipped",
    },
    {
      name: `IPv${family}: as long as is allowed`,
      packet: frame,
      mark: MARKS.ipipV4,
      maxPacket: frame.length,
      verdict: "REDIRECT",
      expected: check(outer(4, false), family).bytes(),
      counter: "sent",
    },
    {
      name: `IPv${family}: longer than is allowed`,
      packet: frame,
      mark: MARKS.ipipV4,
      maxPacket: frame.length - 1,
      verdict: "SHOT",
      expected: null,
      counter: "too_big",
    },
    ...([MARKS.ipipV4, MARKS.ipipV6].map((mark): ProbeRow => ({
      name: `IPv${family}: a tunnel device builds the header of mark ${mark}`,
      packet: frame,
      mark,
      tunnels: true,
      verdict: "REDIRECT",
      expected: frame,
      counter: "sent",
    }))),
  ];
});

/** Everything that the health-check program does. */
export const PROBE_ROWS: readonly ProbeRow[] = [
  ...wrapped,
  ...others,
  {
    name: "no IP packet",
    packet: packet().ethernet("ff:ff:ff:ff:ff:ff", "01:00:00:00:00:00", 0x0806)
      .payload("x".repeat(40)).bytes(),
    mark: MARKS.ipipV4,
    verdict: "SHOT",
    expected: null,
    counter: "failed",
  },
];
