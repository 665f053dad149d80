import { readU16, writeU16 } from "../bytes.ts";
import { checksumOf, shiftChecksum, sumOf } from "../checksum.ts";
import { ipHeaderBytes } from "../protocol.ts";
import { type Decision, PASS, send } from "./decision.ts";
import { swapAddresses, swapMacs } from "./frame.ts";
import type { Packet } from "./packet.ts";
import type { Run } from "./run.ts";

const V4 = { request: 8, reply: 0 } as const;
const V6 = { request: 128, reply: 129 } as const;

/** Answers an echo request, if it is for us to answer (`settings.echo`). */
export function answerEcho(run: Run, packet: Packet): Decision {
  const { echo } = run.settings;
  if (echo === "off") return PASS;
  if (echo === "vip" && !run.tables.isVipAddress(packet.family, packet.destination)) return PASS;
  run.counters.count(packet.family === 4 ? "echo_v4" : "echo_v6");
  return send(echoReply(packet, run.settings.ttl));
}

/** The request turned around. A wrong ICMP checksum stays wrong by as much. */
function echoReply(packet: Packet, ttl: number): Uint8Array {
  const { l2, l4, family } = packet;
  const reply = packet.frame.slice();
  swapMacs(reply);
  swapAddresses(reply, l2, family); // changes no checksum: the words are the same
  if (family === 4) setTtl(reply, l2, ttl);
  else reply[l2 + 7] = ttl;

  const type = family === 4 ? V4 : V6;
  reply[l4] = type.reply;
  // Added to the field itself, as katran does: where both 0 and 0xffff are right, it sends 0xffff.
  const checksum = shiftChecksum(readU16(reply, l4 + 2), (type.request - type.reply) << 8);
  writeU16(reply, l4 + 2, checksum);
  return reply;
}

function setTtl(frame: Uint8Array, l3: number, ttl: number): void {
  frame[l3 + 8] = ttl;
  writeU16(frame, l3 + 10, 0);
  writeU16(frame, l3 + 10, checksumOf(sumOf(frame.subarray(l3, l3 + ipHeaderBytes(4)))));
}
