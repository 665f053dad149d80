/**
 * Frames that katran's own object produced (the project's fact sheet, appendix A), byte for byte.
 * Where weir means to differ (docs/dataplane.md), the test says what it does instead.
 */
import assert from "node:assert/strict";
import { maglev } from "../../ring/maglev.ts";
import type { Encap } from "../../state/types.ts";
import { packet } from "../build.ts";
import { concat, fromHex, toHex } from "../bytes.ts";
import { host, ip, real, ring, tables, vip } from "./_test_world.ts";
import { Model, type ModelResult } from "./model.ts";
import { defaultSettings, type Settings } from "./settings.ts";

const REALS = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fc00::1", "fc00::2", "fc00::3"];

function ringOver(...indices: readonly number[]) {
  const members = indices.map((index) => ({
    real: index,
    address: ip(REALS[index - 1] ?? ""),
    weight: 1,
  }));
  return ring(maglev(members, "maglev-v1"));
}

const V4_REALS = ringOver(1, 2, 3);
const V6_REALS = ringOver(4, 5, 6);

function world(encap: Encap) {
  return tables({
    vips: [
      vip(0, "10.200.1.1:80/udp", V4_REALS, { encap }),
      vip(1, "10.200.1.1:80/tcp", V4_REALS, { encap, flags: ["tcp-server-id"] }),
      vip(2, "10.200.1.2:0/tcp", V4_REALS, { encap }),
      vip(3, "10.200.1.3:80/tcp", V6_REALS, { encap }),
      vip(4, "[fc00:1::1]:80/tcp", V6_REALS, { encap }),
      vip(5, "10.200.1.5:443/udp", V4_REALS, { encap, flags: ["quic"] }),
      vip(6, "10.200.1.6:80/udp", V4_REALS, { encap, flags: ["dport-hash"] }),
      vip(7, "10.200.1.7:80/udp", V4_REALS, { encap, flags: ["no-source-port"] }),
    ],
    reals: new Map(REALS.map((address, index) => [index + 1, real(address)])),
    serverIds: new Map([[1022, 1], [1023, 2], [1025, 3]]),
    decapDestinations: [
      { address: ip("172.31.0.1"), inner: "balance" },
      { address: ip("172.31.0.2"), inner: "return" },
    ],
  });
}

const features = { gue: true, quic: true, tcpServerId: true, decapIpip: true, decapGue: true };
let now = 10_000_000_000n;

function model(changed: Partial<Settings> = {}, encap: Encap = "ipip"): Model {
  return new Model({ ...defaultSettings, ...features, ...changed }, host, world(encap));
}

function run(by: Model, frame: string | Uint8Array): ModelResult {
  now += 1_000_000n;
  return by.run(typeof frame === "string" ? fromHex(frame) : frame, now);
}

/** Runs a frame that must be sent; `…` in `expected` stands for the received IP packet. */
function assertSent(result: ModelResult, received: string, expected: string): void {
  assert.equal(result.verdict, "sent");
  const wanted = expected.replace("…", received.slice(28)).replace(/\s/g, "");
  assert.equal(toHex(result.frame), wanted);
}

const TO_V4 = "0000deadbeaf020000000000 0800 ";
const TO_V6 = "0000deadbeaf020000000000 86dd ";
const GUE_V6 = "fc002307000000000000000000001337 ";

const ENCAPSULATIONS = [
  {
    name: "V1, UDP over IPv4",
    received: "020000000000010000000000080045000025000100004011ad55c0a801010ac80101" +
      "7a69005000119a0577697265636865636b",
    ipip: TO_V4 + "450000390000000040045c33ac10687b0a000003 …",
    gue: TO_V4 + "4500004100000000401159850a000d250a000003 687b17c0002d2bc6 …",
  },
  {
    name: "V2, TCP to an any-port VIP",
    received: "0200000000000100000000000800458c0031000100004006acc7c0a801010ac80102" +
      "7a69002a0000000000000000501020002a2a000077697265636865636b",
    ipip: TO_V4 + "458c00450000000040045b9cac10687b0a000002 …",
    gue: TO_V4 + "458c004d00000000401158ee0a000d250a000002 687b17c000392bb1 …",
  },
  {
    name: "V3, IPv4 VIP with IPv6 reals",
    received: "020000000000010000000000080045000031000100004006ad52c0a801010ac80103" +
      "7a6900500000000000000000501020002a03000077697265636865636b",
    ipip: TO_V6 + "6000000000310440 0100000000000000000000 00bac10101" +
      "fc000000000000000000000000000001 …",
    gue: TO_V6 + "6000000000391140 " + GUE_V6 +
      "fc000000000000000000000000000001 7b6817c000390bab …",
  },
  {
    name: "V4, TCP over IPv6",
    received: "02000000000001000000000086dd68c00000001d0640fc000002000000000000000000000001" +
      "fc0000010000000000000000000000017a690050000000000000000050102000ff700000" +
      "77697265636865636b",
    ipip: TO_V6 + "68c0000000452940 0100000000000000000000007a690001" +
      "fc000000000000000000000000000003 …",
    gue: TO_V6 + "68c00000004d1140 " + GUE_V6 +
      "fc000000000000000000000000000003 7a6917c0004dcfed …",
  },
] as const;

for (const { name, received, ipip, gue } of ENCAPSULATIONS) {
  Deno.test(`vector ${name}: IPIP`, () => assertSent(run(model(), received), received, ipip));
  Deno.test(`vector ${name}: GUE`, () => {
    assertSent(run(model({}, "gue"), received), received, gue);
  });
}

Deno.test("vector E4, IPv4 echo request to a VIP", () => {
  const received = "02000000000001000000000008004500001e000100000301ea6c" +
    "c0a801010ac801010800969a000100026162";
  const reply = "01000000000002000000000008004500001e000100004001ad6c" +
    "0ac80101c0a8010100009e9a000100026162";
  assertSent(run(model(), received), received, reply);
});

Deno.test("vector E6, IPv6 echo request: katran answers any address, weir those of VIPs", () => {
  const received = "02000000000001000000000086dd60000000000a3a03fc000002000000000000000000000001" +
    "fc00000900000000000000000000000180002647000100026162";
  const reply = "01000000000002000000000086dd60000000000a3a40fc000009000000000000000000000001" +
    "fc00000200000000000000000000000181002547000100026162";
  assertSent(run(model({ echo: "any" }), received), received, reply);
  assert.equal(run(model(), received).verdict, "passed");
});

Deno.test("vector I1, fragmentation needed follows the quoted flow", () => {
  const received = "02000000000001000000000008004500004400010000400132e6cb0071090ac80101" +
    "0304c5100000057845000028000100004006ad5d0ac80101c0a80101" +
    "00507a6900000000000000005010200047a90000";
  const result = run(model(), received);
  assertSent(result, received, TO_V4 + "450000580000000040045c14ac10687b0a000003 …");
  assert.equal(result.counters.get("icmp_error_v4"), 1);
  assert.equal(result.counters.get("frag_needed_v4"), 1);
});

Deno.test("vector I2, packet too big follows the quoted flow", () => {
  const received = "02000000000001000000000086dd6000000000443a40fc000003000000000000000000000009" +
    "fc000001000000000000000000000001020099bf000005786000000000140640" +
    "fc000001000000000000000000000001fc000002000000000000000000000001" +
    "00507a690000000000000000501020001d150000";
  const expected = TO_V6 + "60000000006c2940 0100000000000000000000007a690001" +
    "fc000000000000000000000000000003 …";
  assertSent(run(model(), received), received, expected);
});

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index & 0xff);
}

async function assertSha256(bytes: Uint8Array, digest: string): Promise<void> {
  const computed = await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes));
  assert.equal(toHex(new Uint8Array(computed)), digest);
}

Deno.test("vector T1, IPv4 packet too big", async () => {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv4({ source: "192.168.1.1", destination: "10.200.1.1", id: 1 })
    .udp({ sourcePort: 31337, destinationPort: 80 })
    .payload(counting(1473)).bytes();
  await assertSha256(
    received,
    "d032b5f0462157f3da177eae68d8eae3aa27f88b94d477a84c525b3a60cb3597",
  );
  const head = fromHex(
    "010000000000020000000000080045000070000000004001ad1b0ac80101c0a80101030418bd000005dc",
  );
  const result = run(model({ tooBig: true }), received);
  assert.equal(result.verdict, "sent");
  assert.equal(toHex(result.frame), toHex(concat(head, received.subarray(14, 14 + 84))));
});

Deno.test("vector T2, IPv6 packet too big", async () => {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv6({ source: "fc00:2::1", destination: "fc00:1::1" })
    .tcp({ sourcePort: 31337, destinationPort: 80 })
    .payload(counting(1441)).bytes();
  await assertSha256(
    received,
    "70eb360cfa584d915838c5c8cfc2a53b3495a3634e868d75acddb738e30c16fe",
  );
  const head = fromHex(
    "01000000000002000000000086dd6000000001003a40fc000001000000000000000000000001" +
      "fc00000200000000000000000000000102007a5a000005dc",
  );
  const result = run(model({ tooBig: true }), received);
  assert.equal(result.verdict, "sent");
  assert.equal(toHex(result.frame), toHex(concat(head, received.subarray(14, 14 + 248))));
});

Deno.test("vectors T1 and T2 are dropped where no answer is wanted", () => {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv4({ source: "192.168.1.1", destination: "10.200.1.1" })
    .udp({ sourcePort: 31337, destinationPort: 80 })
    .payload(counting(1473)).bytes();
  assert.equal(run(model(), received).reason, "too_big");
});

/** Server address of a QUIC payload's packet; the outer source is the same for all of them. */
function quicReal(by: Model, payload: string): string {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv4({ source: "192.168.1.1", destination: "10.200.1.5" })
    .udp({ sourcePort: 31337, destinationPort: 443 })
    .payload(fromHex(payload)).bytes();
  const { verdict, frame } = run(by, received);
  assert.equal(verdict, "sent");
  assert.deepEqual([...frame.subarray(26, 30)], [172, 16, 104, 123]);
  return frame.subarray(30, 34).join(".");
}

Deno.test("vector Q, QUIC connection ids of all versions", () => {
  const by = model();
  assert.equal(quicReal(by, "4040ff800000000000"), "10.0.0.1");
  assert.equal(quicReal(by, "40800003ff00000000"), "10.0.0.2");
  assert.equal(quicReal(by, "40c000000401000000"), "10.0.0.3");
  assert.equal(quicReal(by, "e0000000010840ff800000000000"), "10.0.0.1");
});

Deno.test("vector Q, packets that name no server go by the ring", () => {
  assert.equal(quicReal(model(), "c0000000010840ff800000000000"), "10.0.0.3");
  assert.equal(quicReal(model(), "404001c00000000000"), "10.0.0.3");
});

Deno.test("vector Q, in one run: weir's entry of a named flow is alive, katran's is born stale", () => {
  const by = model();
  assert.equal(quicReal(by, "e0000000010840ff800000000000"), "10.0.0.1");
  assert.equal(quicReal(by, "c0000000010840ff800000000000"), "10.0.0.1"); // katran: 10.0.0.3
});

Deno.test("vector R1, TCP option names the server", () => {
  const received = "020000000000010000000000080045000030000100004006ad55c0a801010ac80101" +
    "7a69005000000000000000007010200071950000b706fe0300000101";
  const expected = TO_V4 + "450000440000000040045c2aac10687b0a000001 …";
  assertSent(run(model(), received), received, expected);
});

Deno.test("vector D1, dport-hash: katran's real; the outer source knows the client", () => {
  const received = "02000000000001000000000008004500001d000100004011ad58c0a801010ac80106" +
    "7a69005000093fab78";
  const expected = TO_V4 + "450000310000000040045c3dac10687b0a000001 …";
  assertSent(run(model(), received), received, expected);
  const katran = TO_V4 + "450000310000000040045b3eac10697a0a000001 …";
  assertSent(run(model({ compatKatran: true }), received), received, katran);
});

Deno.test("vector D2, no-source-port", () => {
  const received = "02000000000001000000000008004500001d000100004011ad57c0a801010ac80107" +
    "7a69005000093faa78";
  const expected = TO_V4 + "45000031000000004004c3b5ac1001010a000003 …";
  assertSent(run(model(), received), received, expected);
});

const DECAPSULATED = TO_V4 + "450000310000000040045c3bac10687b0a000003" +
  "4500001d000100003f11ae5dc0a801010ac801017a69005000093fb078";

Deno.test("vector X1, IPIP to a listed address goes on to a real", () => {
  const received = "020000000000010000000000080045000031000100004004bb960a090909ac1f0001" +
    "4500001d000100004011ad5dc0a801010ac801017a69005000093fb078";
  assertSent(run(model(), received), received, DECAPSULATED);
});

Deno.test("vector X2, GUE to a listed address goes on to a real", () => {
  const received = "020000000000010000000000080045000039000100004011bb810a090909ac1f0001" +
    "115c17c0002500004500001d000100004011ad5dc0a801010ac801017a69005000093fb078";
  assertSent(run(model(), received), received, DECAPSULATED);
});

Deno.test("vector X3, GUE to an egress address is sent back", () => {
  const received = "020000000000010000000000080045000039000100004011bb800a090909ac1f0002" +
    "115c17c0002500004500001d000100004011ad5dc0a801010ac801017a69005000093fb078";
  const expected = "010000000000020000000000080045 00001d000100003f11ae5dc0a801010ac80101" +
    "7a69005000093fb078";
  assertSent(run(model(), received), received, expected);
});

Deno.test("vector X4, GUE to an unlisted address: katran unwraps it, weir lets it pass", () => {
  const received = "0200000000000100000000000800450000390001000040115ca00a0909090a010101" +
    "115c17c0002500004500001d000100004011ad5dc0a801010ac801017a69005000093fb078";
  const result = run(model(), received);
  assert.equal(result.verdict, "passed");
  assert.equal(toHex(result.frame), received);
});
