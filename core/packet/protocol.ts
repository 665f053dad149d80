import type { Family } from "../addr/types.ts";

/** IP protocol numbers the data plane knows. */
export const IpProtocol = {
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  fragment: 44,
  icmpv6: 58,
} as const;

/** EtherTypes the data plane knows. */
export const EtherType = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;

/** Bytes of headers without options. */
export const HeaderBytes = { ethernet: 14, tag: 4, tcp: 20, udp: 8, icmp: 8 } as const;

/** UDP destination port of GUE unless settings say otherwise. */
export const GUE_PORT = 6080;

/** TCP flag bits, as in byte 13 of the header. */
export const TcpFlag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

/** Bytes of an IP header without options or extension headers. */
export function ipHeaderBytes(family: Family): 20 | 40 {
  return family === 4 ? 20 : 40;
}
