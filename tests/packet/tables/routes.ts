import { TcpFlag } from "../../../core/packet/protocol.ts";
import type { Client } from "../client.ts";
import type { PacketRow, PacketTable } from "../table.ts";
import { prefixOf, REAL } from "../world.ts";

const syn = (to: Client) => to.tcp({ flags: TcpFlag.syn });
const data = (to: Client) => to.tcp();
const CURRENT = { verdict: "sent", real: REAL.current } as const;
const OTHER = { verdict: "sent", real: REAL.other } as const;

/** From an address that no prefix of the table holds. */
const foreign = (to: Client) =>
  to.tcp({}, { source: to.family === 4 ? "198.51.100.1" : "2001:db8::1" });

const sources: readonly PacketRow[] = [
  {
    name: "the longest prefix of the source, SYN",
    packet: syn,
    ...OTHER,
    counters: "flow_inserts source_hits vip.new_flows",
  },
  {
    name: "the longest prefix of the source, data",
    packet: data,
    ...OTHER,
    counters: "flow_inserts source_hits unknown_picks",
  },
  {
    name: "what a prefix said is remembered",
    before: (to) => void to.world.run.run(data(to).bytes()),
    packet: data,
    ...OTHER,
    counters: "flow_hits",
  },
  {
    name: "no prefix",
    packet: foreign,
    ...CURRENT,
    counters: "ring_picks source_misses unknown_picks",
  },
  {
    name: "a VIP that does not ask",
    vip: "plain",
    packet: data,
    ...CURRENT,
    counters: "ring_picks",
  },
];

function shareFlow(real: number): (to: Client) => void {
  return (to) => {
    const { globalFlows } = to.world.run.dataplane.maps;
    globalFlows.set(to.flowKey("tcp"), { last_seen: 0, real });
  };
}

const shared: readonly PacketRow[] = [
  {
    name: "a flow in the shared table",
    before: shareFlow(REAL.other),
    packet: data,
    ...OTHER,
    counters: "global_hits",
  },
  { name: "a flow not in it", packet: data, ...CURRENT, counters: "global_misses ring_picks" },
  {
    name: "a SYN does not ask",
    before: shareFlow(REAL.other),
    packet: syn,
    ...CURRENT,
    counters: "ring_picks syn_picks vip.new_flows",
  },
  {
    name: "a flow of a real that is down",
    before: shareFlow(REAL.down),
    packet: data,
    ...CURRENT,
    counters: "global_misses ring_picks",
  },
  {
    name: "a flow of a real without an entry",
    before: shareFlow(REAL.unset),
    packet: data,
    ...CURRENT,
    counters: "global_misses ring_picks",
  },
];

const local: readonly PacketRow[] = [
  {
    name: "a local VIP and a local real",
    packet: data,
    verdict: "passed",
    real: REAL.local,
    counters: "local_delivered ring_picks",
  },
  {
    name: "a local VIP and a remote real",
    vip: "remote",
    packet: data,
    ...CURRENT,
    counters: "ring_picks",
  },
  {
    name: "another VIP and a local real",
    vip: "plain",
    packet: data,
    verdict: "sent",
    real: REAL.local,
    counters: "ring_picks",
  },
];

/** Ways to a real besides the ring and the flow table: section 4 of docs/dataplane.md. */
export const routeTables: readonly PacketTable[] = [
  {
    name: "source prefixes",
    settings: { sources: 1 },
    vips: { sourced: { flags: ["source-routing"] }, plain: {} },
    prepare: ({ run }) => {
      const { sources } = run.dataplane.maps;
      for (const text of ["192.168.0.0/16", "fc00::/16"]) sources.set(prefixOf(text), REAL.prev);
      for (const text of ["192.168.1.0/24", "fc00:2::/64"]) sources.set(prefixOf(text), REAL.other);
    },
    rows: sources,
  },
  {
    name: "flows of other balancers",
    settings: { global_flows: 1 },
    vips: { global: { flags: ["global-flows"] } },
    rows: shared,
  },
  {
    name: "local delivery",
    settings: { local: 1 },
    vips: {
      local: { flags: ["local"], ring: { current: REAL.local } },
      remote: { flags: ["local"] },
      plain: { ring: { current: REAL.local } },
    },
    rows: local,
  },
  {
    name: "flags of features that are off",
    vips: {
      local: { flags: ["local", "source-routing", "global-flows"], ring: { current: REAL.local } },
    },
    rows: [
      {
        name: "mean nothing",
        packet: data,
        verdict: "sent",
        real: REAL.local,
        counters: "ring_picks",
      },
    ],
  },
];
