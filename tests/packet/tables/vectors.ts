/**
 * Frames that katran's own object produced, in hexadecimal: the project's own table, typed from the
 * wire. `…` stands for the received IP packet.
 */

/** Which balancer: weir as it is, or with katran's verdicts; IPIP or GUE everywhere. */
export interface Dress {
  readonly katran: boolean;
  readonly encap: "ipip" | "gue";
}

/** A frame and what comes out. */
export interface Vector {
  readonly name: string;
  readonly received: string;
  readonly verdict?: "sent" | "passed";
  /** By encapsulation; one that is not there is not asked for. */
  readonly expected: Readonly<Partial<Record<Dress["encap"], string>>>;
  /** Where weir without katran's verdicts means to differ; null: passes as received. */
  readonly weir?: string | null;
}

const TO_V4 = "0000deadbeaf020000000000 0800 ";
const TO_V6 = "0000deadbeaf020000000000 86dd ";
const MACS = "020000000000010000000000 ";
const BACK = "010000000000020000000000 ";
const GUE_V6 = "fc002307000000000000000000001337 ";
const INNER = "4500001d000100004011ad5dc0a801010ac801017a69005000093fb078";
const STRIPPED = "4500001d000100003f11ae5dc0a801010ac801017a69005000093fb078";
const DECAPSULATED = `${TO_V4} 450000310000000040045c3bac10687b0a000003 ${STRIPPED}`;

const encapsulations: readonly Vector[] = [
  {
    name: "V1, UDP over IPv4",
    received: `${MACS} 0800 45000025000100004011ad55c0a801010ac80101
      7a69005000119a0577697265636865636b`,
    expected: {
      ipip: `${TO_V4} 450000390000000040045c33ac10687b0a000003 …`,
      gue: `${TO_V4} 4500004100000000401159850a000d250a000003 687b17c0002d2bc6 …`,
    },
  },
  {
    name: "V2, TCP to an any-port VIP",
    received: `${MACS} 0800 458c0031000100004006acc7c0a801010ac80102
      7a69002a0000000000000000501020002a2a000077697265636865636b`,
    expected: {
      ipip: `${TO_V4} 458c00450000000040045b9cac10687b0a000002 …`,
      gue: `${TO_V4} 458c004d00000000401158ee0a000d250a000002 687b17c000392bb1 …`,
    },
  },
  {
    name: "V3, IPv4 VIP with IPv6 reals",
    received: `${MACS} 0800 45000031000100004006ad52c0a801010ac80103
      7a6900500000000000000000501020002a03000077697265636865636b`,
    expected: {
      ipip: `${TO_V6} 6000000000310440 010000000000000000000000bac10101
        fc000000000000000000000000000001 …`,
      gue: `${TO_V6} 6000000000391140 ${GUE_V6}
        fc000000000000000000000000000001 7b6817c000390bab …`,
    },
  },
  {
    name: "V4, TCP over IPv6",
    received: `${MACS} 86dd 68c00000001d0640fc000002000000000000000000000001
      fc000001000000000000000000000001 7a690050000000000000000050102000 0ff70000
      77697265636865636b`,
    expected: {
      ipip: `${TO_V6} 68c0000000452940 0100000000000000000000007a690001
        fc000000000000000000000000000003 …`,
      gue: `${TO_V6} 68c00000004d1140 ${GUE_V6}
        fc000000000000000000000000000003 7a6917c0004dcfed …`,
    },
  },
  {
    name: "D1, dport-hash",
    received: `${MACS} 0800 4500001d000100004011ad58c0a801010ac801067a69005000093fab78`,
    expected: { ipip: `${TO_V4} 450000310000000040045b3eac10697a0a000001 …` },
    weir: `${TO_V4} 450000310000000040045c3dac10687b0a000001 …`,
  },
  {
    name: "D2, no-source-port",
    received: `${MACS} 0800 4500001d000100004011ad57c0a801010ac801077a69005000093faa78`,
    expected: { ipip: `${TO_V4} 45000031000000004004c3b5ac1001010a000003 …` },
  },
];

const icmp: readonly Vector[] = [
  {
    name: "E4, IPv4 echo request to a VIP",
    received: `${MACS} 0800 4500001e000100000301ea6cc0a801010ac80101 0800969a000100026162`,
    expected: {
      ipip: `${BACK} 0800 4500001e000100004001ad6c0ac80101c0a80101 00009e9a000100026162`,
    },
  },
  {
    name: "E6, IPv6 echo request to no VIP",
    received: `${MACS} 86dd 60000000000a3a03fc000002000000000000000000000001
      fc000009000000000000000000000001 80002647000100026162`,
    expected: {
      ipip: `${BACK} 86dd 60000000000a3a40fc000009000000000000000000000001
        fc000002000000000000000000000001 81002547000100026162`,
    },
    weir: null,
  },
  {
    name: "I1, fragmentation needed",
    received: `${MACS} 0800 4500004400010000400132e6cb0071090ac80101 0304c51000000578
      45000028000100004006ad5d0ac80101c0a80101 00507a6900000000000000005010200047a90000`,
    expected: { ipip: `${TO_V4} 450000580000000040045c14ac10687b0a000003 …` },
  },
  {
    name: "I2, packet too big",
    received: `${MACS} 86dd 6000000000443a40fc000003000000000000000000000009
      fc000001000000000000000000000001 020099bf00000578 6000000000140640
      fc000001000000000000000000000001fc000002000000000000000000000001
      00507a690000000000000000501020001d150000`,
    expected: {
      ipip: `${TO_V6} 60000000006c2940 0100000000000000000000007a690001
        fc000000000000000000000000000003 …`,
    },
  },
];

const tunnels: readonly Vector[] = [
  {
    name: "X1, IPIP to a listed address",
    received: `${MACS} 0800 45000031000100004004bb960a090909ac1f0001 ${INNER}`,
    expected: { ipip: DECAPSULATED },
  },
  {
    name: "X2, GUE to a listed address",
    received: `${MACS} 0800 45000039000100004011bb810a090909ac1f0001 115c17c000250000 ${INNER}`,
    expected: { ipip: DECAPSULATED },
  },
  {
    name: "X3, GUE to an address that sends back",
    received: `${MACS} 0800 45000039000100004011bb800a090909ac1f0002 115c17c000250000 ${INNER}`,
    expected: { ipip: `${BACK} 0800 ${STRIPPED}` },
  },
  {
    name: "X4, GUE to an unlisted address",
    received: `${MACS} 0800 450000390001000040115ca00a0909090a010101 115c17c000250000 ${INNER}`,
    verdict: "passed",
    expected: { ipip: `${MACS} 0800 ${STRIPPED}` },
    weir: null,
  },
];

/** Its flow is remembered, and others here have the same client and ports. */
const remembered: readonly Vector[] = [
  {
    name: "R1, TCP option names the server",
    received: `${MACS} 0800 45000030000100004006ad55c0a801010ac80101
      7a69005000000000000000007010200071950000b706fe0300000101`,
    expected: { ipip: `${TO_V4} 450000440000000040045c2aac10687b0a000001 …` },
  },
];

/** All of them, to be run in this order. */
export const VECTORS: readonly Vector[] = [...encapsulations, ...icmp, ...tunnels, ...remembered];

/** QUIC payloads from 192.168.1.1:31337 to 10.200.1.5:443 with their reals; each flow anew. */
export const QUIC_VECTORS: readonly (readonly [name: string, payload: string, real: string])[] = [
  ["short header, version 1, server 1022", "4040ff800000000000", "10.0.0.1"],
  ["short header, version 2, server 1023", "40800003ff00000000", "10.0.0.2"],
  ["short header, version 3, server 1025", "40c000000401000000", "10.0.0.3"],
  ["Handshake, server 1022", "e0000000010840ff800000000000", "10.0.0.1"],
  ["Initial: the ring", "c0000000010840ff800000000000", "10.0.0.3"],
  ["server 7, which nobody is: the ring", "404001c00000000000", "10.0.0.3"],
];
