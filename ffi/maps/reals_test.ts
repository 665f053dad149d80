import assert from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { checksumOf, sumOf } from "../../core/packet/checksum.ts";
import type { RealConfig } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import { encodeReal } from "./reals.ts";

const SETTINGS = { ttl: 64, ipip_source_v4: Uint8Array.of(172, 16, 0, 0) };
const v4 = fc.uint8Array({ minLength: 4, maxLength: 4 });

Deno.test("encodeReal() sums what all outer IPIP headers have in common", () => {
  fc.assert(fc.property(v4, fc.nat(255), fc.nat(65535), v4, (to, tos, length, mix) => {
    const source = [172, 16, mix[0] ?? 0, mix[1] ?? 0];
    const varying = [tos, 0, length & 0xff, length >> 8, mix[1] ?? 0, mix[0] ?? 0];
    const header = [
      0x45,
      tos,
      length >> 8,
      length & 0xff,
      0,
      0,
      0,
      0,
      64,
      4,
      0,
      0,
      ...source,
      ...to,
    ];
    assert.equal(finish(entryOf(to).ipip_sum, varying), checksum(header));
  }));
});

Deno.test("encodeReal() sums what all outer GUE headers have in common", () => {
  fc.assert(fc.property(v4, fc.nat(255), fc.nat(65535), v4, (to, tos, length, from) => {
    const [a = 0, b = 0, c = 0, d = 0] = from;
    const varying = [tos, 0, length & 0xff, length >> 8, b, a, d, c];
    const header = [
      0x45,
      tos,
      length >> 8,
      length & 0xff,
      0,
      0,
      0,
      0,
      64,
      17,
      0,
      0,
      ...from,
      ...to,
    ];
    assert.equal(finish(entryOf(to).gue_sum, varying), checksum(header));
  }));
});

Deno.test("encodeReal() gives an IPv6 real its flag and no sums", () => {
  const entry = encodeReal(real("fc00::1", { local: true, encap: "gue" }), true, SETTINGS);
  const { REAL_ACTIVE, REAL_IPV6, REAL_LOCAL, REAL_GUE, REAL_DOWN_SOMEWHERE } = abi.RealFlag;
  assert.equal(entry.flags, REAL_ACTIVE | REAL_IPV6 | REAL_LOCAL | REAL_GUE | REAL_DOWN_SOMEWHERE);
  assert.deepEqual([entry.ipip_sum, entry.gue_sum], [0, 0]);
});

Deno.test("encodeReal() gives a plain IPv4 real one flag", () => {
  assert.equal(encodeReal(real("10.0.0.1"), false, SETTINGS).flags, abi.RealFlag.REAL_ACTIVE);
});

function entryOf(to: Uint8Array): abi.Real {
  const config = { address: addressFromBytes(4, to), name: "", local: false, encap: null };
  return encodeReal(config, false, SETTINGS);
}

function real(text: string, change: Partial<RealConfig> = {}): RealConfig {
  const address = parseAddress(text) ?? assert.fail();
  return { address, name: "", local: false, encap: null, ...change };
}

/** The sum and what the program adds, pairs of high and low byte of words as it has them. */
function finish(sum: number, varying: readonly number[]): number {
  let total = sum;
  for (let i = 0; i < varying.length; i += 2) {
    total += (varying[i] ?? 0) << 8 | (varying[i + 1] ?? 0);
  }
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return ~total & 0xffff;
}

/** Checksum of a header in the byte order of the host. */
function checksum(header: readonly number[]): number {
  const sum = checksumOf(sumOf(Uint8Array.from(header)));
  return (sum & 0xff) << 8 | sum >> 8;
}
