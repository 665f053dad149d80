import { fromHex } from "../../../core/packet/bytes.ts";
import { TcpFlag } from "../../../core/packet/protocol.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { REAL } from "../world.ts";
import { prepareServerIds } from "./quic.ts";

const OTHER = { verdict: "sent", real: REAL.other } as const;
const CURRENT = { verdict: "sent", real: REAL.current } as const;

const stable = (payload: string) => (to: Client) => to.udp(fromHex(payload));

const stableRows: readonly PacketRow[] = [
  {
    name: "an id that is known",
    packet: stable("5200000100000000"),
    ...OTHER,
    counters: "stable_routed",
  },
  {
    name: "an id of three bytes",
    packet: stable("5201020300000000ff"),
    ...OTHER,
    counters: "stable_routed",
  },
  {
    name: "an id that nobody has",
    packet: stable("5200000700000000"),
    ...CURRENT,
    counters: "ring_picks stable_ring stable_unknown_id",
  },
  {
    name: "the id of a server that is down",
    packet: stable("5200000300000000"),
    ...CURRENT,
    counters: "ring_picks stable_ring stable_unknown_id",
  },
  {
    name: "the id of a real without an entry",
    packet: stable("5200000200000000"),
    verdict: "dropped",
    drop: "unknown_server",
  },
  {
    name: "id 0",
    packet: stable("5200000000000000"),
    ...CURRENT,
    counters: "ring_picks stable_ring",
  },
  {
    name: "no header",
    packet: stable("5300000100000000"),
    ...CURRENT,
    counters: "ring_picks stable_invalid stable_ring",
  },
  {
    name: "a header cut short",
    packet: stable("52000001000000"),
    ...CURRENT,
    counters: "ring_picks stable_invalid stable_ring",
  },
  {
    name: "an ICMP error",
    packet: (to) => to.icmpError(to.udpAnswer()),
    ...CURRENT,
    counters: "icmp_error_{v} ring_picks",
  },
  {
    name: "behind QUIC that names nobody",
    vip: "both",
    packet: stable("5200000100000000"),
    ...OTHER,
    counters: "quic_ring stable_routed",
  },
];

/** TCP data with options. */
const tcp = (options: string, fields: object = {}) => (to: Client) =>
  to.tcp({ options: fromHex(options), ...fields });
const sent = (packet: ReturnType<typeof tcp>) => (to: Client) =>
  void to.world.run.run(packet(to).bytes());
/** katran's option with server id 1, 4, ... in little endian. */
const option = (id: string) => `b706${id}000000`;
const NOT_NAMED = { ...CURRENT, counters: "ring_picks server_id_ring unknown_picks" } as const;

const optionRows: readonly PacketRow[] = [
  {
    name: "an id that is known",
    packet: tcp(option("01") + "0101"),
    ...OTHER,
    counters: "flow_inserts server_id_routed",
  },
  {
    name: "an id that agrees with the ring",
    packet: tcp(option("04") + "0101"),
    ...CURRENT,
    counters: "server_id_routed",
  },
  {
    name: "an id behind other options",
    packet: tcp("0101080a0000000000000000" + option("01") + "0000"),
    ...OTHER,
    counters: "flow_inserts server_id_routed",
  },
  {
    name: "an id of 32 bits",
    packet: tcp("b706010000800101"),
    ...OTHER,
    counters: "flow_inserts server_id_routed",
  },
  {
    name: "an id behind fifteen others is not looked for",
    packet: tcp("01".repeat(15) + option("01") + "000000"),
    ...NOT_NAMED,
  },
  {
    name: "an id as the fifteenth",
    packet: tcp("01".repeat(14) + option("01")),
    ...OTHER,
    counters: "flow_inserts server_id_routed",
  },
  { name: "behind the end of the options", packet: tcp("00" + option("01") + "00"), ...NOT_NAMED },
  { name: "an option without length", packet: tcp("0500" + option("01")), ...NOT_NAMED },
  { name: "an option of length 1", packet: tcp("0501" + option("01")), ...NOT_NAMED },
  { name: "an option beyond the header", packet: tcp("05ff" + option("01")), ...NOT_NAMED },
  { name: "an id of another length", packet: tcp("b705010000000101"), ...NOT_NAMED },
  { name: "id 0", packet: tcp(option("00") + "0101"), ...NOT_NAMED },
  { name: "an id that nobody has", packet: tcp(option("07") + "0101"), ...NOT_NAMED },
  { name: "the id of a server that is down", packet: tcp(option("03") + "0101"), ...NOT_NAMED },
  { name: "the id of a real without an entry", packet: tcp(option("02") + "0101"), ...NOT_NAMED },
  { name: "no options", packet: tcp(""), ...NOT_NAMED },
  {
    name: "a data offset below 5",
    packet: tcp(option("01") + "0101", { dataOffset: 4 }),
    ...NOT_NAMED,
  },
  {
    name: "a data offset beyond the frame",
    packet: tcp(option("01") + "0101", { dataOffset: 8 }),
    ...NOT_NAMED,
  },
  {
    name: "a SYN",
    packet: tcp(option("01") + "0101", { flags: TcpFlag.syn }),
    ...CURRENT,
    counters: "ring_picks server_id_syn syn_picks vip.new_flows",
  },
  {
    name: "data behind an id, without one",
    before: sent(tcp(option("01") + "0101")),
    packet: tcp(""),
    ...OTHER,
    counters: "flow_hits server_id_ring",
  },
  {
    name: "a SYN takes over what an older flow with its ports left",
    before: (to) => {
      sent(tcp(option("01") + "0101"))(to);
      sent(tcp("", { flags: TcpFlag.syn }))(to);
    },
    packet: tcp(""),
    ...CURRENT,
    counters: "flow_hits server_id_ring",
  },
  {
    name: "an id that disagrees with what is remembered",
    before: sent(tcp(option("01") + "0101")),
    packet: tcp(option("04") + "0101"),
    ...CURRENT,
    counters: "server_id_mismatch server_id_routed vip.server_id_mismatch",
  },
  {
    name: "an ICMP error follows its flow",
    before: sent(tcp(option("01") + "0101")),
    packet: (to) => to.icmpError(to.tcpAnswer()),
    ...OTHER,
    counters: "flow_hits icmp_error_{v}",
  },
  {
    name: "with affinity none nothing is remembered",
    vip: "none",
    packet: tcp(option("01") + "0101"),
    ...OTHER,
    counters: "server_id_routed",
  },
  {
    name: "behind two tags",
    packet: (to) =>
      to.tcp({ options: fromHex(option("01") + "0101") }, {}, to.front.vlan(1, 0x88a8).vlan(2)),
    ...OTHER,
    counters: "flow_inserts server_id_routed",
  },
  { name: "UDP", packet: (to) => to.udp("x"), ...CURRENT, counters: "ring_picks" },
];

/** UDP stable routing and the TCP server id: section 5 of docs/dataplane.md. */
export const serverIdTables: readonly PacketTable[] = [
  {
    name: "UDP stable routing",
    settings: { udp_stable: 1, quic: 1 },
    vips: { stable: { flags: ["udp-stable"] }, both: { flags: ["quic", "udp-stable"] } },
    prepare: prepareServerIds,
    rows: stableRows,
  },
  {
    name: "TCP server ids",
    settings: { tcp_server_id: 1 },
    vips: {
      named: { flags: ["tcp-server-id"] },
      none: { flags: ["tcp-server-id"], affinity: "none" },
    },
    prepare: prepareServerIds,
    rows: optionRows,
  },
  {
    name: "ids that are off",
    vips: { off: { flags: ["tcp-server-id", "udp-stable"] } },
    prepare: prepareServerIds,
    rows: [
      { name: "TCP", packet: tcp(option("01") + "0101"), ...CURRENT, counters: "ring_picks" },
      { name: "UDP", packet: stable("5200000100000000"), ...CURRENT, counters: "ring_picks" },
    ],
  },
];
