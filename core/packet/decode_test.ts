import assert from "node:assert/strict";
import { packet } from "./build.ts";
import { fromHex } from "./bytes.ts";
import { decode } from "./decode.ts";
import { TcpFlag } from "./protocol.ts";

const frame = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
const web = { sourcePort: 31337, destinationPort: 80 } as const;
const v4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const v6 = { source: "fc00:2::1", destination: "fc00:1::1" } as const;

function names(bytes: Uint8Array): string {
  return decode(bytes).map(({ name, depth }) => `${name}${depth === 0 ? "" : depth}`).join(" ");
}

function field(bytes: Uint8Array, layer: number, name: string): string | undefined {
  return decode(bytes)[layer]?.fields.get(name);
}

Deno.test("decode() reads tags, headers and payload", () => {
  const bytes = frame.vlan(5, 0x88a8).vlan(6).ipv6(v6).tcp(web).payload("x").bytes();
  assert.equal(names(bytes), "ethernet vlan vlan ipv6 tcp payload");
  assert.equal(field(bytes, 0, "destination"), "02:00:00:00:00:00");
  assert.equal(field(bytes, 1, "tci"), "0x0005");
  assert.equal(field(bytes, 3, "source"), "fc00:2::1");
  assert.equal(field(bytes, 4, "flags"), "ack");
  assert.equal(field(bytes, 5, "bytes"), "78");
});

Deno.test("decode() reads through IPIP and GUE", () => {
  const ipip = frame.ipv6(v6).ipv4(v4).udp(web).bytes();
  assert.equal(names(ipip), "ethernet ipv6 ipv41 udp1");
  const gue = frame.ipv4(v4).udp({ sourcePort: 1, destinationPort: 6080 }).ipv6(v6).tcp(web);
  assert.equal(names(gue.bytes()), "ethernet ipv4 udp ipv61 tcp1");
});

Deno.test("decode() reads what an ICMP error quotes", () => {
  const v4Error = frame.ipv4(v4).icmp({ type: 3, code: 4 }).ipv4(v4).udp(web).bytes();
  assert.equal(names(v4Error), "ethernet ipv4 icmp ipv41 udp1");
  const v6Error = frame.ipv6(v6).icmp({ type: 2 }).ipv6(v6).udp(web).bytes();
  assert.equal(names(v6Error), "ethernet ipv6 icmp ipv61 udp1");
});

Deno.test("decode() reads no transport header in a later fragment", () => {
  const first = frame.ipv4({ ...v4, fragment: 0x2000 }).udp(web).bytes();
  assert.equal(names(first), "ethernet ipv4 udp");
  const later = frame.ipv4({ ...v4, fragment: 0x2001 }).udp(web).bytes();
  assert.equal(names(later), "ethernet ipv4 payload");
});

Deno.test("decode() judges checksums", () => {
  const right = frame.ipv4(v4).udp(web).payload("x");
  assert.equal(field(right.bytes(), 1, "checksum"), "0xad5e");
  assert.match(field(right.bytes(), 2, "checksum") ?? "", /^0x[0-9a-f]{4}$/);
  const wrong = frame.ipv4({ ...v4, checksum: 1 }).udp({ ...web, checksum: 0 }).bytes();
  assert.equal(field(wrong, 1, "checksum"), "0x0001 (wrong, 0xad5f is right)");
  assert.equal(field(wrong, 2, "checksum"), "none");
  assert.match(field(right.truncate(42).bytes(), 2, "checksum") ?? "", /not checked/);
});

Deno.test("decode() shows options and odd flags", () => {
  const bytes = frame.ipv4({ ...v4, options: fromHex("01010100") })
    .tcp({ ...web, flags: TcpFlag.syn | 0x40, options: fromHex("02040578") }).bytes();
  assert.equal(field(bytes, 1, "options"), "01010100");
  assert.equal(field(bytes, 2, "options"), "02040578");
  assert.equal(field(bytes, 2, "flags"), "syn+0x40");
});

Deno.test("decode() never throws, wherever the frame is cut", () => {
  const whole = [
    frame.vlan(1).ipv4(v4).udp({ sourcePort: 1, destinationPort: 6080 }).ipv6(v6).tcp(web),
    frame.ipv6(v6).icmp({ type: 1 }).ipv6(v6).udp(web).payload("x"),
    frame.ipv4({ ...v4, headerWords: 15 }).tcp({ ...web, dataOffset: 15 }),
    frame.ipv4({ ...v4, totalLength: 3 }).icmp({ type: 8 }),
  ].map((builder) => builder.bytes());
  for (const bytes of whole) {
    for (let length = 0; length <= bytes.length; length++) decode(bytes.subarray(0, length));
  }
  assert.equal(names(new Uint8Array(13)), "payload");
});
