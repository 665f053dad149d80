import type { PacketTable } from "../table.ts";
import { affinityTables } from "./affinity.ts";
import { decapTables } from "./decap.ts";
import { eventTables } from "./events.ts";
import { icmpTables } from "./icmp.ts";
import { parseTables } from "./parse.ts";
import { quicTables } from "./quic.ts";
import { routeTables } from "./routes.ts";
import { serverIdTables } from "./server_ids.ts";
import { tooBigTables } from "./too_big.ts";
import { vipTables } from "./vips.ts";

/** Every table of packets. */
export const TABLES: readonly PacketTable[] = [
  ...parseTables,
  ...icmpTables,
  ...vipTables,
  ...affinityTables,
  ...routeTables,
  ...quicTables,
  ...serverIdTables,
  ...decapTables,
  ...tooBigTables,
  ...eventTables,
];
