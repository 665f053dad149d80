import { TcpFlag } from "../../../core/packet/protocol.ts";
import type { PacketBuilder } from "../../../core/packet/build.ts";
import type { BalancerSettings } from "../../../ffi/default_settings.ts";
import type { Client } from "../client.ts";
import { REAL, type VipSpec } from "../world.ts";

/** A limit per second and CPU: of many packets in a moment, few get through. */
export interface Gate {
  readonly name: string;
  readonly settings: Partial<BalancerSettings>;
  /** What the settings allow, per second and CPU. */
  readonly limit: number;
  readonly vip: VipSpec;
  readonly packet: (client: Client) => PacketBuilder;
  /** Counters of what gets through and of what does not; `{v}` stands for v4 or v6. */
  readonly passed: string;
  readonly gated: string;
}

const syn = (to: Client) => to.tcp({ flags: TcpFlag.syn });
const large = (to: Client) => to.udp(new Uint8Array(1500));

/** The rate gates of docs/dataplane.md, sections 4 and 7. */
export const GATES: readonly Gate[] = [
  {
    name: "insertions into the flow table",
    settings: { conn_rate: 3 },
    limit: 3,
    vip: { ring: { current: REAL.current, prev: REAL.prev } },
    packet: syn,
    passed: "flow_inserts",
    gated: "flow_gated",
  },
  {
    name: "ICMP messages about packets that are too big",
    settings: { too_big_rate: 3 },
    limit: 3,
    vip: {},
    packet: large,
    passed: "too_big_sent_{v}",
    gated: "too_big_gated",
  },
];
