import { readU8 } from "../bytes.ts";
import { type Decision, PASS, send } from "./decision.ts";
import { replaceWord, swapAddresses, swapMacs } from "./frame.ts";
import type { Packet } from "./packet.ts";
import type { Run } from "./run.ts";

const V4_REPLY = 0;
const V6_REPLY = 129;

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
  const type = family === 4 ? V4_REPLY : V6_REPLY;
  replaceWord(reply, l4, type << 8 | readU8(reply, l4 + 1), l4 + 2);
  return reply;
}
