import {
  DECAP_CLASSES,
  FEATURE_CLASSES,
  IDENTIFIED_CLASSES,
  OTHER_CLASSES,
} from "./classes/features.ts";
import { MIX_CLASSES } from "./classes/mixes.ts";
import { TCP_CLASSES } from "./classes/tcp.ts";
import { UDP_CLASSES } from "./classes/udp.ts";
import type { PacketClass } from "./types.ts";

/** All packet classes, in the order in which they are shown. */
export const PACKET_CLASSES: readonly PacketClass[] = [
  ...TCP_CLASSES,
  ...UDP_CLASSES,
  ...IDENTIFIED_CLASSES,
  ...DECAP_CLASSES,
  ...OTHER_CLASSES,
  ...MIX_CLASSES,
  ...FEATURE_CLASSES,
];
