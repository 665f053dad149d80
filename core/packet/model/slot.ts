/** Section 4, steps 1, 3 and 4 of docs/dataplane.md: what the ring says. */
import { NO_REAL, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../../ring/constants.ts";
import { flowHash, slotOf } from "../../ring/flow_hash.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import type { VipMatch } from "./vip.ts";

/** What of a flow takes part in the hash. */
interface HashInput {
  readonly source: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A slot of a VIP's ring. */
export interface Slot {
  readonly current: number;
  /** Changed within a living flow's time. */
  readonly unstable: boolean;
  /** The real of flows older than the change, or NO_REAL. */
  readonly prev: number;
  /** Tick of the ring's last change. */
  readonly changedAt: number;
}

/** The flow's source port as it goes into hash and outer header. */
export function hashedSourcePort(run: Run, match: VipMatch, flow: Flow): number {
  return run.tables.hasFlag(match.vip, "no-source-port") ? 0 : flow.sourcePort;
}

function hashInput(run: Run, match: VipMatch, flow: Flow): HashInput {
  const destinationPort = match.hashDestinationPort;
  if (run.tables.hasFlag(match.vip, "dport-hash")) {
    return { source: new Uint8Array(16), sourcePort: flow.destinationPort, destinationPort };
  }
  return {
    source: flow.source,
    sourcePort: hashedSourcePort(run, match, flow),
    destinationPort,
  };
}

const NO_RING: Slot = { current: NO_REAL, unstable: false, prev: NO_REAL, changedAt: 0 };

/** The slot of the VIP's ring that the flow's hash leads to; without a ring an empty stable one. */
export function findSlot(run: Run, packet: Packet, flow: Flow, match: VipMatch): Slot {
  const { ring, config } = match.vip;
  if (ring === null) return NO_RING;
  const { source, sourcePort, destinationPort } = hashInput(run, match, flow);
  const hash = flowHash(source, packet.family, sourcePort, destinationPort);
  const slot = slotOf(hash);
  const word = ring.slots[slot] ?? NO_REAL;
  return {
    current: word & SLOT_REAL_MASK,
    unstable: (word & SLOT_UNSTABLE) !== 0 && config.affinity !== "none",
    prev: ring.prev[slot] ?? NO_REAL,
    changedAt: ring.changedAt,
  };
}
