import { readU16, writeU16 } from "../bytes.ts";
import { shiftChecksum } from "../checksum.ts";
import { type Decision, PASS, send } from "./decision.ts";
import { replaceWord, swapAddresses, swapMacs } from "./frame.ts";
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

/** The request turned around. Checksums are patched, so a wrong one stays wrong by as much. */
function echoReply(packet: Packet, ttl: number): Uint8Array {
  const { l2, l4, family } = packet;
  const reply = packet.frame.slice();
  swapMacs(reply);
  swapAddresses(reply, l2, family); // changes no checksum: the words are the same
  if (family === 4) replaceWord(reply, l2 + 8, ttl << 8 | packet.protocol, l2 + 10);
  else reply[l2 + 7] = ttl;

  const type = family === 4 ? V4 : V6;
  reply[l4] = type.reply;
  // Added to the field itself, as katran does: where both 0 and 0xffff are right, it sends 0xffff.
  const checksum = shiftChecksum(readU16(reply, l4 + 2), (type.request - type.reply) << 8);
  writeU16(reply, l4 + 2, checksum);
  return reply;
}
