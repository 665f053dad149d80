/** The hash of the VIP table, from bpf/hash.h built for the host and in TypeScript. */
import assert from "node:assert/strict";
import { parseAddress } from "../../core/addr/parse_address.ts";
import type { Protocol } from "../../core/state/types.ts";
import { vipTableChoices } from "../../core/state/vip_table.ts";
import { findClang, multiarchInclude } from "../../scripts/build_bpf.ts";

const BPF = new URL("../../bpf", import.meta.url).pathname;
const BUCKETS = 4096;
const KEYS: readonly (readonly [string, number, Protocol | null])[] = [
  ["0.0.0.0", 0, null],
  ["10.0.0.1", 0, null],
  ["10.0.0.1", 80, "tcp"],
  ["10.0.0.1", 443, "udp"],
  ["255.255.255.255", 65535, "udp"],
  ["::", 0, null],
  ["fc00::1", 443, "tcp"],
  ["2001:db8:1:2:3:4:5:6", 53, "udp"],
  ["ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 65535, "tcp"],
];
const PROTOCOLS = { tcp: 6, udp: 17 };

Deno.test({
  name: "vipTableChoices() equals vip_hash of bpf/hash.h",
  ignore: !hasCompiler(),
  fn: async () => {
    const want = KEYS.map(([text, port, protocol]) => {
      const address = parseAddress(text) ?? assert.fail(text);
      const { first, second } = vipTableChoices({ address, port, protocol }, BUCKETS);
      return `${first} ${second}`;
    });
    assert.deepEqual(await hashInC(), want);
    assert.ok(new Set(want).size === KEYS.length);
  },
});

async function hashInC(): Promise<readonly string[]> {
  const directory = Deno.makeTempDirSync({ prefix: "weir-hash-" });
  try {
    Deno.writeTextFileSync(`${directory}/main.c`, source());
    const args = [
      "-I",
      BPF,
      ...multiarchInclude(),
      `${directory}/main.c`,
      "-o",
      `${directory}/main`,
    ];
    const built = await new Deno.Command(await findClang(), { args }).output();
    assert.ok(built.success, new TextDecoder().decode(built.stderr));
    const { stdout } = await new Deno.Command(`${directory}/main`).output();
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

function source(): string {
  const lines = KEYS.map(([text, port, protocol]) => {
    const address = parseAddress(text) ?? assert.fail(text);
    const bytes = [...address.bytes].join(", ");
    const number = protocol === null ? 0 : PROTOCOLS[protocol];
    return `	show((__u8[16]){ ${bytes} }, ${port}, ${number}, ${address.family});`;
  });
  return `#define __always_inline inline
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <hash.h>
static void show(const __u8 *bytes, __u16 port, __u8 proto, __u8 family)
{
	__be32 addr[4];
	memcpy(addr, bytes, 16);
	__u32 tail = htons(port) | (__u32)proto << 16 | (__u32)family << 24;
	__u64 hash = vip_hash(addr, tail, family);
	printf("%u %u\\n", vip_hash_first(hash, ${BUCKETS - 1}), vip_hash_second(hash, ${BUCKETS - 1}));
}
int main(void)
{
${lines.join("\n")}
}
`;
}

function hasCompiler(): boolean {
  try {
    return Deno.statSync("/usr/include/stdio.h").isFile;
  } catch {
    return false;
  }
}
