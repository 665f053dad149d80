import assert from "node:assert/strict";
import * as abi from "../../ffi/abi.gen.ts";
import { BpfObject } from "../../ffi/bpf_object.ts";
import { encode } from "../../ffi/codec.ts";
import { DataplaneError } from "../../ffi/errors.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import { XDP_PASS } from "../../ffi/libbpf/kernel.gen.ts";
import { indexKey } from "../../ffi/struct_map.ts";
import { findClang, multiarchInclude } from "../../scripts/build_bpf.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";

const HEADER = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
char LICENSE[] SEC("license") = "Dual BSD/GPL";
`;
const PROGRAM = `${HEADER}
const volatile __u32 first = 1;
const volatile __u32 second = 2;
__u32 counter SEC(".data.mine") = 40;
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, __u32); } numbers SEC(".maps");
SEC("xdp") int probe(struct xdp_md *ctx) { counter += first; return second; }
`;
const BROKEN = `${HEADER}
SEC("xdp") int broken(struct xdp_md *ctx) {
	volatile int sum = 0;
#pragma unroll
	for (int i = 0; i < 100; i++) sum += ctx->ingress_ifindex;
	return *(int *)(long)ctx->data + sum;
}
`;

rootTest("BpfObject: variables have the values that were set before load", async () => {
  using object = BpfObject.open("probe", await compile(PROGRAM));
  object.setVariable(".rodata", "second", indexKey(XDP_PASS));
  object.setVariable(".rodata", "first", indexKey(2));
  object.load();
  using program = object.program("probe");
  const frame = new Uint8Array(64).map((_, i) => i);
  const { verdict, data } = program.testRun({ data: frame, repeat: 10 });
  assert.equal(verdict, XDP_PASS);
  assert.deepEqual(data, frame);
  using mine = object.map(".data.mine");
  assert.deepEqual(mine.lookup(indexKey(0)), indexKey(60));
});

rootTest("BpfObject: maps have the sizes that were set before load", async () => {
  using object = BpfObject.open("probe", await compile(PROGRAM));
  object.setMaxEntries("numbers", 9);
  object.load();
  using map = object.map("numbers");
  assert.equal(map.info.max_entries, 9);
  assert.deepEqual([...object.mapNames()].sort(), [".data.mine", ".rodata", "numbers"]);
});

rootTest("BpfObject: maps and programs outlive it", async () => {
  const object = BpfObject.open("probe", await compile(PROGRAM));
  object.load();
  using map = object.map("numbers");
  using program = object.program("probe");
  object[Symbol.dispose]();
  map.update(indexKey(0), indexKey(5));
  assert.deepEqual(map.lookup(indexKey(0)), indexKey(5));
  assert.equal(program.info().name, "probe");
});

rootTest("BpfObject: what is not there is named", async () => {
  using object = BpfObject.open("probe", await compile(PROGRAM));
  assert.throws(() => object.setMaxEntries("none", 1), /Cannot find map "none"/);
  assert.throws(
    () => object.setVariable(".rodata", "third", indexKey(0)),
    /Cannot find variable "third" in section ".rodata"/,
  );
  assert.throws(() => object.setVariable(".rodata", "first", new Uint8Array(8)), {
    message: 'Cannot set variable "first": want 4 bytes, got 8',
  });
  object.load();
  assert.throws(() => object.program("none"), /Cannot find program "none"/);
  assert.throws(() => object.setMaxEntries("numbers", 1), /Cannot set the size of map "numbers"/);
});

rootTest("BpfObject: a file that is no object is refused", () => {
  assert.throws(() => BpfObject.open("junk", new Uint8Array(100)), (error: unknown) => {
    assert.ok(error instanceof DataplaneError);
    assert.match(error.message, /^Cannot open BPF object "junk"/);
    return true;
  });
});

rootTest(
  "BpfObject: the verifier's complaint is in the error, the rest in its details",
  async () => {
    using object = BpfObject.open("broken", await compile(BROKEN));
    assert.throws(() => object.load(), (error: unknown) => {
      assert.ok(error instanceof DataplaneError);
      assert.equal(error.errnoName, "EACCES");
      assert.match(error.message, /^Cannot load BPF object "broken": .*R\d .*packet/);
      assert.match(error.hint ?? "", /^\d+ more lines/);
      // Longer than the first buffer, so that the message had to be formatted twice.
      const log = error.details.join("\n");
      assert.ok(log.length > 8192 && log.includes("BEGIN PROG LOAD LOG"));
      assert.match(log, /^0: R1=ctx.*$/m);
      assert.match(log, /END PROG LOAD LOG/);
      return true;
    });
  },
);

rootTest("BpfObject: the load balancer takes every setting", async () => {
  using object = BpfObject.open("lb", await bpfObject("lb"));
  const settings = {
    ...defaultSettings(),
    abi_version: 1,
    vip_bucket_mask: 1,
    flow_bucket_mask: 1,
    flow_seed: 1,
  };
  object.setVariable(".rodata", "settings", encode(abi.Settings, settings));
});

async function compile(source: string): Promise<Uint8Array> {
  const directory = Deno.makeTempDirSync({ prefix: "weir-bpf-" });
  try {
    Deno.writeTextFileSync(`${directory}/x.c`, source);
    const { success, stderr } = await new Deno.Command(await findClang(), {
      args: [
        ...["-target", "bpf", "-O2", "-g", ...multiarchInclude()],
        ...["-c", `${directory}/x.c`, "-o", `${directory}/x.o`],
      ],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return Deno.readFileSync(`${directory}/x.o`);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
