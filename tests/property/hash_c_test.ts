/**
 * bpf/hash.h and bpf/checksum.h, built for the host, against their twins in TypeScript: golden values
 * and random ones. The hash of the VIP table has a test of its own (tests/ffi/vip_hash_test.ts).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { fold, sumOf } from "../../core/packet/checksum.ts";
import { flowHash, slotOf } from "../../core/ring/flow_hash.ts";
import { flowKeyHash } from "../../ffi/maps/flows.ts";
import { findClang, multiarchInclude } from "../../scripts/build_bpf.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const RUNS = 5000;

/** A question for the program in C, and the answer of TypeScript. */
interface Question {
  readonly text: string;
  readonly answer: bigint;
}

/** Source, source port, destination port, hash, slot: what katran's own program computes. */
const GOLDEN = [
  ["192.168.1.1", 31337, 80, 0xc7e68632, 48717],
  ["192.168.1.1", 31337, 0, 0x01c79de1, 39962],
  ["1.2.3.4", 1, 2, 0x59c9b6c5, 23804],
  ["0.0.0.0", 0, 0, 0x24923b12, 5760],
  ["fc00:2::1", 31337, 80, 0x9c5a2eda, 37505],
  ["2001:db8::dead:beef", 443, 51000, 0xdee5e7f0, 2315],
  ["::", 80, 80, 0x0a26ae81, 42075],
  ["::", 0, 0, 0x7aa02a75, 45014],
] as const;

const compiler = await compilerOrNull();

function hashTest(name: string, questions: () => readonly Question[]): void {
  Deno.test({
    name: compiler === null ? `${name} (needs a C compiler and its headers)` : name,
    ignore: compiler === null,
    fn: async () => {
      const asked = questions();
      const answers = await answersInC(asked.map(({ text }) => text));
      for (const [index, { text, answer }] of asked.entries()) {
        assert.equal(answers[index], answer.toString(16), text);
      }
    },
  });
}

hashTest(
  "hash.h gives katran's hashes and slots",
  () =>
    GOLDEN.flatMap(([source, sourcePort, destinationPort, hash, slot]) => {
      const { bytes, family } = parseAddress(source) ?? assert.fail(source);
      return [
        { text: flowText(bytes, family, sourcePort, destinationPort), answer: BigInt(hash) },
        { text: `slot ${hash.toString(16)}`, answer: BigInt(slot) },
      ];
    }),
);

hashTest("flow_hash() and lookup3_address() equal flowHash()", () => {
  const port = fc.nat(0xffff);
  const flow = fc.tuple(fc.constantFrom(4 as const, 6 as const), bytes(16), port, port);
  return fc.sample(flow, RUNS).map(([family, source, sourcePort, destinationPort]) => ({
    text: flowText(source, family, sourcePort, destinationPort),
    answer: BigInt(flowHash(source, family, sourcePort, destinationPort)),
  }));
});

hashTest(
  "flow_slot() equals slotOf()",
  () =>
    [0, 0xffff, 0x10000, 0x10001, 0xffffffff, ...fc.sample(fc.nat(0xffffffff), RUNS)].map((
      hash,
    ) => ({
      text: `slot ${hash.toString(16)}`,
      answer: BigInt(slotOf(hash)),
    })),
);

hashTest(
  "sum_fold() equals fold()",
  () =>
    [0, 0xffff, 0x10000, 0xffffffff, ...fc.sample(fc.maxSafeNat(), RUNS)].map((sum) => ({
      text: `fold ${sum.toString(16)}`,
      answer: BigInt(fold(sum)),
    })),
);

hashTest(
  "sum_address() equals sumOf(), bytes swapped",
  () =>
    fc.sample(bytes(16), RUNS).map((address) => {
      const sum = sumOf(address);
      return {
        text: `sum ${words(address).join(" ")}`,
        answer: BigInt((sum & 0xff) << 8 | sum >> 8),
      };
    }),
);

hashTest(
  "flow_key_hash() equals flowKeyHash()",
  () =>
    fc.sample(fc.tuple(fc.nat(0xffffffff), bytes(24)), RUNS).map(([seed, key]) => {
      const view = new DataView(key.buffer);
      const long = [0, 8, 16].map((at) => view.getBigUint64(at, true).toString(16));
      return { text: `key ${seed.toString(16)} ${long.join(" ")}`, answer: flowKeyHash(key, seed) };
    }),
);

/** Addresses and ports as the words that lie in the packet, read by a little-endian host. */
function flowText(
  source: Uint8Array,
  family: 4 | 6,
  sourcePort: number,
  destinationPort: number,
): string {
  const swapped = [sourcePort, destinationPort].map((port) => (port & 0xff) << 8 | port >> 8);
  const ports = ((swapped[0] ?? 0) | (swapped[1] ?? 0) << 16) >>> 0;
  const address = words(source).slice(0, family === 4 ? 1 : 4);
  return `${family === 4 ? "flow" : "flow6"} ${[...address, ports.toString(16)].join(" ")}`;
}

function words(address: Uint8Array): readonly string[] {
  const view = new DataView(address.buffer, address.byteOffset, 16);
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true).toString(16));
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

/** Compiles and asks once; answers in the order of the questions. */
async function answersInC(questions: readonly string[]): Promise<readonly string[]> {
  const directory = Deno.makeTempDirSync({ prefix: "weir-hash-" });
  try {
    const include = ["-I", `${ROOT}bpf`, ...multiarchInclude()];
    const program = `${directory}/hash_host`;
    const args = ["-O2", "-Wall", ...include, `${ROOT}tests/support/hash_host.c`, "-o", program];
    const built = await new Deno.Command(compiler ?? "cc", { args }).output();
    assert.ok(built.success, new TextDecoder().decode(built.stderr));
    Deno.writeTextFileSync(`${directory}/questions`, questions.join("\n") + "\n");
    const shell = ["-c", `"$0" < "$1"`, program, `${directory}/questions`];
    const { stdout } = await new Deno.Command("sh", { args: shell }).output();
    return new TextDecoder().decode(stdout).trim().split("\n");
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

/** A compiler that can build for this host, or null. */
async function compilerOrNull(): Promise<string | null> {
  try {
    Deno.statSync("/usr/include/stdio.h");
    return await findClang();
  } catch {
    return null;
  }
}
