import { fromHex } from "../../../core/packet/bytes.ts";
import type { PacketTable } from "../table.ts";
import { REAL } from "../world.ts";
import { prepareServerIds } from "./quic.ts";

/** Introspection: with no reader there is no buffer, so every event is lost, and counted. */
export const eventTables: readonly PacketTable[] = [
  {
    name: "events that nobody reads",
    settings: { events: 1, udp_stable: 1 },
    vips: {
      always: { affinity: "always" },
      stable: { flags: ["udp-stable"] },
      plain: {},
    },
    prepare: (world) => {
      prepareServerIds(world);
      world.run.dataplane.maps.host.set({ events_on: 1 });
    },
    rows: [
      {
        name: "TCP that nobody remembers",
        packet: (to) => to.tcp(),
        verdict: "sent",
        real: REAL.current,
        counters: "events_lost flow_inserts ring_picks unknown_picks",
      },
      {
        name: "too big",
        vip: "plain",
        packet: (to) => to.tcp().payload(new Uint8Array(1500)),
        verdict: "sent",
        counters: "events_lost ring_picks too_big_sent_{v}",
      },
      {
        name: "the id of a real without an entry",
        vip: "stable",
        packet: (to) => to.udp(fromHex("5200000200000000")),
        verdict: "dropped",
        drop: "unknown_server",
        counters: "events_lost",
      },
    ],
  },
  {
    name: "events that are off",
    settings: { events: 1 },
    vips: { always: { affinity: "always" } },
    rows: [
      {
        name: "TCP that nobody remembers",
        packet: (to) => to.tcp(),
        verdict: "sent",
        real: REAL.current,
        counters: "flow_inserts ring_picks unknown_picks",
      },
    ],
  },
];
