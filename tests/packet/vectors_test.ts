/** Frames of katran's own object through the loaded program, byte for byte. */
import assert from "node:assert/strict";
import { packet } from "../../core/packet/build.ts";
import { concat, fromHex, toHex } from "../../core/packet/bytes.ts";
import { explainDifference } from "../../core/packet/diff.ts";
import { DecapFlag, EchoMode } from "../../ffi/abi.gen.ts";
import type { VipFlag } from "../../core/state/types.ts";
import { type PacketResult, PacketRun } from "../support/packet_run.ts";
import { rootTest } from "../support/root_test.ts";
import { type Dress, QUIC_VECTORS, type Vector, VECTORS } from "./tables/vectors.ts";
import { addressOf } from "./world.ts";

const V4_REALS = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const V6_REALS = ["fc00::1", "fc00::2", "fc00::3"];
const VIPS: readonly (readonly [string, number, "tcp" | "udp", readonly string[], VipFlag[]])[] = [
  ["10.200.1.1", 80, "udp", V4_REALS, []],
  ["10.200.1.1", 80, "tcp", V4_REALS, ["tcp-server-id"]],
  ["10.200.1.2", 0, "tcp", V4_REALS, []],
  ["10.200.1.3", 80, "tcp", V6_REALS, []],
  ["fc00:1::1", 80, "tcp", V6_REALS, []],
  ["10.200.1.5", 443, "udp", V4_REALS, ["quic"]],
  ["10.200.1.6", 80, "udp", V4_REALS, ["dport-hash"]],
  ["10.200.1.7", 80, "udp", V4_REALS, ["no-source-port"]],
];
const DRESSES: readonly Dress[] = [false, true].flatMap((katran) =>
  (["ipip", "gue"] as const).map((encap) => ({ katran, encap }))
);

for (const dress of DRESSES) {
  rootTest(`vectors, ${dress.katran ? "katran's verdicts" : "weir"}, ${dress.encap}`, async (t) => {
    using run = await load(dress);
    for (const vector of VECTORS) {
      const expected = expectedOf(vector, dress);
      if (expected === undefined) continue;
      await t.step(vector.name, () => {
        const result = run.runOnly(fromHex(vector.received));
        assertVector(vector, result, expected);
      });
    }
  });
}

/** Null: passes as it is; undefined: nobody asked katran. */
function expectedOf(
  { expected, weir }: Vector,
  { katran, encap }: Dress,
): string | null | undefined {
  if (expected[encap] === undefined) return undefined;
  return katran || weir === undefined ? expected[encap] : weir;
}

function assertVector(
  { received, verdict = "sent" }: Vector,
  result: Omit<PacketResult, "counters">,
  expected: string | null,
): void {
  const sent = fromHex(received);
  const wanted = expected === null
    ? sent
    : fromHex(expected.replace("…", toHex(sent.subarray(14))));
  assert.equal(result.verdict, expected === null ? "passed" : verdict);
  assert.equal(explainDifference(wanted, result.frame), "");
}

rootTest("vectors of QUIC", async (t) => {
  using run = await load({ katran: false, encap: "ipip" });
  const key = {
    src: addressOf("192.168.1.1").bytes,
    sport: 31337,
    dport: 443,
    vip: VIPS.findIndex(([address]) => address === "10.200.1.5"),
    dst: 0,
  };
  for (const [name, payload, real] of QUIC_VECTORS) {
    await t.step(name, () => {
      const frame = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
        .ipv4({ source: "192.168.1.1", destination: "10.200.1.5" })
        .udp({ sourcePort: 31337, destinationPort: 443 }).payload(fromHex(payload)).bytes();
      const result = run.runOnly(frame);
      assert.equal(result.verdict, "sent");
      assert.equal(result.frame.subarray(26, 30).join("."), "172.16.104.123");
      assert.equal(result.frame.subarray(30, 34).join("."), real);
      run.dataplane.maps.flows.set(key, null);
    });
  }
});

rootTest("vector T1, ICMP fragmentation needed", async () => {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv4({ source: "192.168.1.1", destination: "10.200.1.1", id: 1 })
    .udp({ sourcePort: 31337, destinationPort: 80 }).payload(counting(1473)).bytes();
  await assertTooBig(
    received,
    "d032b5f0462157f3da177eae68d8eae3aa27f88b94d477a84c525b3a60cb3597",
    "010000000000020000000000080045000070000000004001ad1b0ac80101c0a80101030418bd000005dc",
    84,
  );
});

rootTest("vector T2, ICMPv6 packet too big", async () => {
  const received = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
    .ipv6({ source: "fc00:2::1", destination: "fc00:1::1" })
    .tcp({ sourcePort: 31337, destinationPort: 80 }).payload(counting(1441)).bytes();
  await assertTooBig(
    received,
    "70eb360cfa584d915838c5c8cfc2a53b3495a3634e868d75acddb738e30c16fe",
    `01000000000002000000000086dd6000000001003a40fc000001000000000000000000000001
      fc00000200000000000000000000000102007a5a000005dc`,
    248,
  );
});

async function assertTooBig(
  received: Uint8Array,
  digest: string,
  head: string,
  quoted: number,
): Promise<void> {
  const hash = await crypto.subtle.digest("SHA-256", Uint8Array.from(received));
  assert.equal(toHex(new Uint8Array(hash)), digest, "the packet is not the one that katran got");
  for (const katran of [false, true]) {
    using run = await load({ katran, encap: "ipip" });
    const { verdict, frame } = run.runOnly(received);
    assert.equal(verdict, "sent");
    const expected = concat(fromHex(head), received.subarray(14, 14 + quoted));
    assert.equal(explainDifference(expected, frame), "");
  }
}

function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index & 0xff);
}

/** katran with the VIPs, reals and ids of the vectors. */
async function load({ katran, encap }: Dress): Promise<PacketRun> {
  using guard = new DisposableStack();
  const run = guard.use(
    await PacketRun.load({
      settings: {
        ...{ gue: 1, quic: 1, tcp_server_id: 1, decap_ipip: 1, decap_gue: 1, too_big: 1 },
        ...katran ? { compat_katran: 1, echo: EchoMode.ECHO_ANY, decap_any: 1 } : {},
      },
      host: {
        gateway_mac: Uint8Array.of(0, 0, 0xde, 0xad, 0xbe, 0xaf),
        gue_source_v4: Uint8Array.of(10, 0, 13, 37),
        gue_source_v6: addressOf("fc00:2307::1337").bytes,
      },
    }),
  );
  const { setup, dataplane: { maps } } = run;
  for (const [address, port, protocol, reals, flags] of VIPS) {
    const vip = { address, port, protocol };
    const affinity = katran ? "always" : "default";
    setup.addVip({ ...vip, flags, affinity, encap, ringHash: "maglev-v1" });
    for (const real of reals) setup.setWeight(setup.key(vip), real, 1);
  }
  setup.commit();
  for (const [id, real] of [[1022, 1], [1023, 2], [1025, 3]] as const) maps.serverIds.set(id, real);
  maps.decapDestinations.set(addressOf("172.31.0.1"), 0);
  maps.decapDestinations.set(addressOf("172.31.0.2"), DecapFlag.DECAP_RETURN);
  guard.move();
  return run;
}
