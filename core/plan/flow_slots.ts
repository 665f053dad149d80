import { flowHash, slotOf } from "../ring/flow_hash.ts";
import type { FlowEntry, VipConfig } from "../state/types.ts";

const NO_SOURCE = new Uint8Array(16);

/**
 * The slots that a flow of the flow table may hash to (docs/dataplane.md, sections 3 and 4). More than
 * one only for a prefix VIP with a port, where katran's hash (`compat_katran`) leaves the port out.
 *
 * @param config the flow's VIP
 * @param flow an entry of the flow table
 */
export function flowSlots(config: VipConfig, flow: FlowEntry): readonly number[] {
  if (config.flags.includes("dport-hash")) {
    const { family, destinationPort: port } = flow;
    return [slotOf(flowHash(NO_SOURCE, family, port, port))];
  }
  const sourcePort = config.flags.includes("no-source-port") ? 0 : flow.sourcePort;
  const slot = (port: number) => slotOf(flowHash(flow.source, flow.family, sourcePort, port));
  const own = slot(flow.destinationPort);
  if (config.flags.includes("hash-src-dst-port")) return [own];
  if (config.port === 0) return [slot(0)];
  const isPrefix = config.prefixLength < (config.address.family === 4 ? 32 : 128);
  return isPrefix ? [own, slot(0)] : [own];
}
