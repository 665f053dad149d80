import assert from "node:assert/strict";
import { packet } from "./build.ts";
import { fromHex, toHex } from "./bytes.ts";
import { TcpFlag } from "./protocol.ts";

const BALANCER = "02:00:00:00:00:00";
const ROUTER = "01:00:00:00:00:00";
const client = packet().ethernet(BALANCER, ROUTER);
const web = { sourcePort: 31337, destinationPort: 80 } as const;

Deno.test("packet() builds UDP over IPv4 with its checksums", () => {
  const frame = client
    .ipv4({ source: "192.168.1.1", destination: "10.200.1.1", id: 1 })
    .udp(web)
    .payload("wirecheck")
    .bytes();
  assert.equal(
    toHex(frame),
    "02000000000001000000000008004500002500010000" +
      "4011ad55c0a801010ac801017a69005000119a0577697265636865636b",
  );
});

Deno.test("packet() builds TCP over IPv6 with its checksum", () => {
  const frame = client
    .ipv6({ source: "fc00:2::1", destination: "fc00:1::1", trafficClass: 0x8c })
    .tcp(web)
    .payload("wirecheck")
    .bytes();
  assert.equal(
    toHex(frame),
    "02000000000001000000000086dd68c00000001d0640fc000002000000000000000000000001" +
      "fc000001000000000000000000000001" +
      "7a690050000000000000000050102000ff70000077697265636865636b",
  );
});

Deno.test("packet() builds an ICMP error that quotes TCP", () => {
  const frame = client
    .ipv4({ source: "203.0.113.9", destination: "10.200.1.1", id: 1 })
    .icmp({ type: 3, code: 4, rest: 1400 })
    .ipv4({ source: "10.200.1.1", destination: "192.168.1.1", id: 1 })
    .tcp({ sourcePort: 80, destinationPort: 31337 })
    .bytes();
  assert.equal(
    toHex(frame),
    "02000000000001000000000008004500004400010000400132e6cb0071090ac80101" +
      "0304c510000005784500002800010000" +
      "4006ad5d0ac80101c0a8010100507a6900000000000000005010200047a90000",
  );
});

Deno.test("packet() computes an ICMPv6 checksum over the outer pseudo-header", () => {
  const frame = client
    .ipv6({ source: "fc00:3::9", destination: "fc00:1::1" })
    .icmp({ type: 2, rest: 1400 })
    .ipv6({ source: "fc00:1::1", destination: "fc00:2::1" })
    .tcp({ sourcePort: 80, destinationPort: 31337 })
    .bytes();
  assert.equal(toHex(frame.subarray(54, 62)), "020099bf00000578");
  assert.equal(frame.length, 14 + 40 + 0x44);
});

Deno.test("packet() nests IPIP and GUE", () => {
  const inner = { source: "192.168.1.1", destination: "10.200.1.1", id: 1 } as const;
  const ipip = client
    .ipv4({ source: "10.9.9.9", destination: "172.31.0.1", id: 1 })
    .ipv4(inner).udp(web).payload("x").bytes();
  assert.equal(
    toHex(ipip),
    "02000000000001000000000008004500003100010000" +
      "4004bb960a090909ac1f00014500001d000100004011ad5dc0a801010ac801017a69005000093fb078",
  );
  const gue = client
    .ipv4({ source: "10.9.9.9", destination: "172.31.0.1", id: 1 })
    .udp({ sourcePort: 4444, destinationPort: 6080, checksum: 0 })
    .ipv4(inner).udp(web).payload("x").bytes();
  assert.equal(
    toHex(gue),
    "02000000000001000000000008004500003900010000" +
      "4011bb810a090909ac1f0001115c17c0002500004500001d000100004011ad5dc0a801010ac801017a69005000093fb078",
  );
});

Deno.test("packet() builds two tags, and the EtherType each asks for", () => {
  const frame = client.vlan(100, 0x88a8).vlan(7).ipv4({ source: "1.2.3.4", destination: "5.6.7.8" })
    .bytes();
  assert.equal(toHex(frame.subarray(12, 22)), "88a80064810000070800");
});

Deno.test("packet() takes options and any field raw", () => {
  const frame = packet()
    .ipv4({
      source: "1.2.3.4",
      destination: "5.6.7.8",
      options: fromHex("01010101"),
      fragment: 0x2000,
      checksum: 0xabcd,
      totalLength: 9,
    })
    .tcp({ ...web, flags: TcpFlag.syn | TcpFlag.rst, dataOffset: 15, checksum: 0 })
    .bytes();
  assert.equal(
    toHex(frame),
    "460000090000200040 06 abcd 01020304 05060708 01010101".replaceAll(" ", "") +
      "7a690050 00000000 00000000 f006 2000 0000 0000".replaceAll(" ", ""),
  );
});

Deno.test("packet() sends a computed UDP checksum of 0 as 0xffff", () => {
  const empty = packet().ipv4({ source: "0.0.0.0", destination: "0.0.0.0" });
  const ports = { sourcePort: 0, destinationPort: 0 };
  const remainder = 0xffff - 17 - 2 * 10; // protocol and the two lengths
  const payload = Uint8Array.of(remainder >> 8, remainder & 0xff);
  assert.equal(toHex(empty.udp(ports).payload(payload).bytes().subarray(26, 28)), "ffff");
});

Deno.test("packet() truncates and patches what is finished", () => {
  const builder = client.ipv4({ source: "1.2.3.4", destination: "5.6.7.8" });
  assert.equal(builder.truncate(20).bytes().length, 20);
  assert.equal(toHex(builder.patch(0, fromHex("ffff")).truncate(3).bytes()), "ffff00");
  assert.equal(toHex(builder.truncate(2).bytes()), "0200", "edits never change the builder");
});

Deno.test("packet() refuses an address of the other family", () => {
  assert.throws(
    () => client.ipv6({ source: "1.2.3.4", destination: "fc00::1" }),
    /Cannot use "1.2.3.4" in an IPv6 header: wrong family/,
  );
});
