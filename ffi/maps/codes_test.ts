import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAddress } from "../../core/addr/parse_address.ts";
import type { VipConfig, VipFlag } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import {
  decodeRealFlags,
  decodeVipFlags,
  encodeRealFlags,
  encodeVipFlags,
  PROTOCOLS,
  VIP_FLAGS,
  wordOf,
} from "./codes.ts";

const address = parseAddress("10.0.0.1") ?? assert.fail();
const CONFIG: VipConfig = {
  address,
  prefixLength: 32,
  port: 80,
  protocol: "tcp",
  name: "",
  flags: [],
  affinity: "default",
  encap: "ipip",
  ringHash: "maglev-v2",
};

Deno.test("encodeVipFlags() and decodeVipFlags() are inverse", () => {
  const configs = fc.record({
    flags: fc.subarray(Object.keys(VIP_FLAGS) as VipFlag[]),
    affinity: fc.constantFrom("default" as const, "always" as const, "none" as const),
    encap: fc.constantFrom("ipip" as const, "gue" as const),
  }, { noNullPrototype: true });
  fc.assert(fc.property(configs, (change) => {
    assert.deepEqual(decodeVipFlags(encodeVipFlags({ ...CONFIG, ...change })), change);
  }));
});

Deno.test("encodeVipFlags() marks prefixes", () => {
  assert.equal(encodeVipFlags(CONFIG), 0);
  assert.equal(encodeVipFlags({ ...CONFIG, prefixLength: 31 }), abi.VipFlag.VIP_CIDR);
});

Deno.test("every flag of abi.h has a word", () => {
  const words: number[] = Object.values(VIP_FLAGS);
  const { VIP_AFFINITY_NONE, VIP_AFFINITY_ALWAYS, VIP_GUE, VIP_CIDR } = abi.VipFlag;
  words.push(VIP_AFFINITY_NONE, VIP_AFFINITY_ALWAYS, VIP_GUE, VIP_CIDR);
  assert.deepEqual(words.sort((a, b) => a - b), Object.values(abi.VipFlag));
});

Deno.test("encodeRealFlags() and decodeRealFlags() are inverse", () => {
  for (const local of [false, true]) {
    for (const encap of [null, "ipip", "gue"] as const) {
      assert.deepEqual(decodeRealFlags(encodeRealFlags({ local, encap })), { local, encap });
    }
  }
});

Deno.test("wordOf() refuses a number without a word", () => {
  assert.equal(wordOf(PROTOCOLS, 17, "protocol"), "udp");
  assert.throws(() => wordOf(PROTOCOLS, 1, "protocol"), /Cannot read protocol 1/);
});
