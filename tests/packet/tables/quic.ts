import { fromHex } from "../../../core/packet/bytes.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL, type World } from "../world.ts";

/** Server ids of every world here; those that no world knows are others. */
const IDS: Readonly<Record<number, number>> = {
  0x0001: REAL.other,
  0x0002: REAL.unset,
  0x0003: REAL.down,
  0x0004: REAL.current,
  0x010203: REAL.other,
  0x80000001: REAL.other,
};

/** Fills the table of server ids. */
export function prepareServerIds({ run }: World): void {
  for (const [id, real] of Object.entries(IDS)) {
    run.dataplane.maps.serverIds.set(Number(id), real);
  }
}

/** Connection ids, eight bytes: two bits of version and a server id. */
const V1 = (id: number) => hex(0x4000_0000 | id << 14) + "00000000";
const V2 = (id: number) => hex(0x8000_0000 | id) + "00000000";
const V3 = (id: number) => "c0" + hex(id) + "000000";
/** QUIC-LB: rotation 7, two bytes of server id. */
const LB = (id: number) => "e5" + hex(id << 16) + "000000";

const short = (id: string) => "40" + id;
const long = (first: string, id: string, version = "00000001") => `${first}${version}08${id}00`;

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

const quic = (payload: string) => (to: Client) => to.udp(fromHex(payload));
const sent = (payload: string) => (to: Client) => void to.world.run.run(quic(payload)(to).bytes());

const OTHER = { verdict: "sent", real: REAL.other } as const;
const CURRENT = { verdict: "sent", real: REAL.current } as const;
const NEW = "flow_inserts quic_not_found quic_routed";

const named: readonly PacketRow[] = [
  {
    name: "short header, version 1",
    packet: quic(short(V1(1))),
    ...OTHER,
    counters: `${NEW} quic_cid_v1`,
  },
  {
    name: "short header, version 2",
    packet: quic(short(V2(0x010203))),
    ...OTHER,
    counters: `${NEW} quic_cid_v2`,
  },
  {
    name: "short header, version 3, an id of more than 31 bits",
    packet: quic(short(V3(0x80000001))),
    ...OTHER,
    counters: `${NEW} quic_cid_v3`,
  },
  {
    name: "Handshake",
    packet: quic(long("e0", V1(1))),
    ...OTHER,
    counters: `${NEW} quic_cid_v1`,
  },
  {
    name: "Retry",
    packet: quic(long("f0", V2(1))),
    ...OTHER,
    counters: `${NEW} quic_cid_v2`,
  },
  {
    name: "the id agrees with the ring: nothing to remember",
    packet: quic(short(V1(4))),
    ...CURRENT,
    counters: "quic_not_found quic_routed quic_cid_v1",
  },
  {
    name: "the id agrees with what is remembered",
    before: sent(short(V1(1))),
    packet: quic(short(V1(1))),
    ...OTHER,
    counters: "quic_match quic_routed quic_cid_v1",
  },
  {
    name: "the id disagrees with what is remembered",
    before: sent(short(V1(1))),
    packet: quic(short(V1(4))),
    ...CURRENT,
    counters: "quic_mismatch quic_routed quic_cid_v1 vip.server_id_mismatch",
  },
  {
    name: "a packet without id follows its flow",
    before: sent(short(V1(1))),
    packet: quic("40"),
    ...OTHER,
    counters: "flow_hits quic_ring",
  },
  {
    name: "an ICMP error follows its flow",
    before: sent(short(V1(1))),
    packet: (to) => to.icmpError(to.udpAnswer(), { code: 0 }),
    ...OTHER,
    counters: "flow_hits icmp_error_{v} quic_icmp",
  },
  {
    name: "an ICMP error that QUIC servers ignore",
    before: sent(short(V1(1))),
    packet: (to) => to.icmpError(to.udpAnswer(), { code: 3 }),
    ...OTHER,
    counters: "flow_hits icmp_error_{v} quic_icmp quic_icmp_ignorable",
  },
  {
    name: "with affinity none the id is remembered all the same",
    vip: "none",
    packet: quic(short(V1(1))),
    ...OTHER,
    counters: `${NEW} quic_cid_v1`,
  },
];

const unnamed: readonly PacketRow[] = [
  {
    name: "Initial",
    packet: quic(long("c0", V1(1))),
    ...CURRENT,
    counters: "quic_initial ring_picks vip.new_flows",
  },
  {
    name: "0-RTT",
    packet: quic(long("d0", V1(1))),
    ...CURRENT,
    counters: "quic_initial ring_picks vip.new_flows",
  },
  {
    name: "version negotiation",
    packet: quic(long("e0", V1(1), "00000000")),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  {
    name: "a connection id of seven bytes",
    packet: quic("e00000000107" + V1(1) + "00"),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  {
    name: "a long header cut short",
    packet: quic(long("e0", V1(1)).slice(0, 26)),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  {
    name: "a short header cut short",
    packet: quic(short(V1(1)).slice(0, 16)),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  { name: "no payload", packet: quic(""), ...CURRENT, counters: "quic_ring ring_picks" },
  {
    name: "connection id of version 0",
    packet: quic(short("0123456789abcdef")),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  {
    name: "server id 0",
    packet: quic(short(V1(0))),
    ...CURRENT,
    counters: "quic_ring ring_picks",
  },
  {
    name: "a server id that nobody has",
    packet: quic(short(V1(7))),
    ...CURRENT,
    counters: "quic_cid_v1 quic_ring quic_unknown_id ring_picks",
  },
  {
    name: "the id of a server that is down",
    packet: quic(short(V1(3))),
    ...CURRENT,
    counters: "quic_cid_v1 quic_ring quic_unknown_id ring_picks",
  },
  {
    name: "the id of a real without an entry",
    packet: quic(short(V1(2))),
    verdict: "dropped",
    drop: "unknown_server",
    counters: "quic_cid_v1",
  },
  {
    name: "TCP to a QUIC VIP",
    packet: (to) => to.tcp(),
    ...CURRENT,
    counters: "ring_picks unknown_picks",
  },
];

const LB_LENGTHS = new Uint8Array(8);
LB_LENGTHS[7] = 2;

/** QUIC: section 5 of docs/dataplane.md. */
export const quicTables: readonly PacketTable[] = [
  {
    name: "QUIC",
    settings: { quic: 1 },
    vips: { quic: { flags: ["quic"] }, none: { flags: ["quic"], affinity: "none" } },
    prepare: prepareServerIds,
    rows: [...named, ...unnamed],
  },
  {
    name: "QUIC-LB",
    settings: { quic: 1, quic_lb_id_length: LB_LENGTHS },
    vips: { quic: { flags: ["quic"] } },
    prepare: prepareServerIds,
    rows: [
      {
        name: "the rotation that is configured",
        packet: quic(short(LB(1))),
        ...OTHER,
        counters: `${NEW} quic_cid_lb`,
      },
      {
        name: "server id 0",
        packet: quic(short(LB(0))),
        ...CURRENT,
        counters: "quic_ring ring_picks",
      },
      {
        name: "another rotation is katran's",
        packet: quic(short(V3(0x80000001))),
        ...OTHER,
        counters: `${NEW} quic_cid_v3`,
      },
    ],
  },
  {
    name: "QUIC that is off",
    vips: { quic: { flags: ["quic"] } },
    prepare: prepareServerIds,
    rows: [{
      name: "goes by the ring",
      packet: quic(short(V1(1))),
      ...CURRENT,
      counters: "ring_picks",
    }],
  },
];
