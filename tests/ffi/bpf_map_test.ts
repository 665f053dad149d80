import assert from "node:assert/strict";
import { BpfMap, type MapEntry, type MapSpec } from "../../ffi/bpf_map.ts";
import { errno } from "../../ffi/errno.ts";
import { DataplaneError } from "../../ffi/errors.ts";
import * as kernel from "../../ffi/libbpf/kernel.gen.ts";
import { possibleCpus } from "../../ffi/possible_cpus.ts";
import { indexKey, keyIndex } from "../../ffi/struct_map.ts";
import { BpfObject } from "../../ffi/bpf_object.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { TempBpffs } from "../support/bpffs.ts";
import { rootTest } from "../support/root_test.ts";

const KINDS: Readonly<Record<string, Omit<MapSpec, "name" | "keySize" | "valueSize">>> = {
  hash: { type: kernel.BPF_MAP_TYPE_HASH, maxEntries: 5000, flags: kernel.BPF_F_NO_PREALLOC },
  "LRU hash": { type: kernel.BPF_MAP_TYPE_LRU_HASH, maxEntries: 5000 },
  array: { type: kernel.BPF_MAP_TYPE_ARRAY, maxEntries: 300 },
  "per-CPU array": { type: kernel.BPF_MAP_TYPE_PERCPU_ARRAY, maxEntries: 300 },
  trie: { type: kernel.BPF_MAP_TYPE_LPM_TRIE, maxEntries: 300, flags: kernel.BPF_F_NO_PREALLOC },
};

for (const [kind, spec] of Object.entries(KINDS)) {
  rootTest(`BpfMap: ${kind} returns by entries() what update() wrote`, () => {
    using map = create(kind, spec);
    const wanted = Array.from({ length: 300 }, (_, i) => entry(kind, i, map.valueBytes));
    for (const [key, value] of wanted) map.update(key, value);
    assert.deepEqual(sorted([...map.entries()]), sorted(wanted));
    assert.equal([...map.keys()].length, 300);
    for (const [key, value] of wanted) assert.deepEqual(map.lookup(key), value);
  });

  rootTest(`BpfMap: ${kind} takes many entries by updateBatch()`, () => {
    using map = create(kind, spec);
    const wanted = Array.from({ length: 300 }, (_, i) => entry(kind, i, map.valueBytes));
    map.updateBatch(wanted);
    assert.deepEqual(sorted([...map.entries()]), sorted(wanted));
  });
}

rootTest("BpfMap: a per-CPU value is one value per possible CPU, each of whole 8 bytes", () => {
  using map = BpfMap.create({
    name: "percpu",
    type: kernel.BPF_MAP_TYPE_PERCPU_ARRAY,
    keySize: 4,
    valueSize: 12,
    maxEntries: 1,
  });
  assert.equal(map.valueBytes, 16 * possibleCpus());
});

rootTest("BpfMap: entries() finds every key of a hash whose buckets exceed a batch", () => {
  // One value fills a batch, and 16 keys never get a bucket each.
  using map = BpfMap.create({
    name: "large",
    type: kernel.BPF_MAP_TYPE_HASH,
    keySize: 4,
    valueSize: 1 << 18,
    maxEntries: 16,
  });
  for (let i = 0; i < 16; i++) map.update(indexKey(i), new Uint8Array(1 << 18).fill(i));
  const found = [...map.entries()].map(([key, value]) => [keyIndex(key), value[0]]);
  assert.deepEqual(
    found.sort(([a = 0], [b = 0]) => a - b),
    Array.from({ length: 16 }, (_, i) => [i, i]),
  );
});

rootTest("BpfMap: a kind without batch operations is read and written one by one", async () => {
  using object = BpfObject.open("pass", await bpfObject("pass"));
  object.load();
  using program = object.program("weir_pass");
  // Programs are written as descriptors and read as numbers.
  using map = BpfMap.create({
    name: "programs",
    type: kernel.BPF_MAP_TYPE_PROG_ARRAY,
    keySize: 4,
    valueSize: 4,
    maxEntries: 8,
  });
  map.updateBatch([[indexKey(2), indexKey(program.fd)], [indexKey(5), indexKey(program.fd)]]);
  const { id } = program.info();
  assert.deepEqual(
    [...map.entries()].map(([key, value]) => [keyIndex(key), keyIndex(value)]),
    [[2, id], [5, id]],
  );
});

rootTest("BpfMap: lookup() and delete() of what is not there say so", () => {
  using map = create("hash", KINDS["hash"] ?? assert.fail());
  assert.equal(map.lookup(indexKey(1)), null);
  assert.equal(map.delete(indexKey(1)), false);
  map.update(indexKey(1), new Uint8Array(8));
  assert.equal(map.delete(indexKey(1)), true);
  assert.deepEqual([...map.entries()], []);
});

rootTest("BpfMap: lengths that are not the map's are refused before the kernel sees them", () => {
  using map = create("hash", KINDS["hash"] ?? assert.fail());
  assert.throws(() => map.lookup(new Uint8Array(5)), {
    message: 'Cannot look up map "test": want a key of 4 bytes, got 5',
  });
  assert.throws(() => map.update(indexKey(0), new Uint8Array(4)), {
    message: 'Cannot update map "test": want a value of 8 bytes, got 4',
  });
  assert.throws(() => map.updateBatch([[indexKey(0), new Uint8Array(9)]]), RangeError);
});

rootTest("BpfMap: a full map says so", () => {
  using map = create("hash", { type: kernel.BPF_MAP_TYPE_HASH, maxEntries: 1 });
  map.update(indexKey(0), new Uint8Array(8));
  assert.throws(() => map.update(indexKey(1), new Uint8Array(8)), (error: unknown) => {
    assert.ok(error instanceof DataplaneError);
    assert.equal(error.errnoName, "E2BIG");
    assert.match(error.message, /^Cannot update map "test": .* the map is full/);
    return true;
  });
});

rootTest("BpfMap: a pinned map opens by its path and by its id", () => {
  using bpffs = new TempBpffs();
  using map = create("array", KINDS["array"] ?? assert.fail());
  map.update(indexKey(7), new Uint8Array(8).fill(7));
  map.pin(`${bpffs.path}/array`);
  using byPath = BpfMap.open(`${bpffs.path}/array`);
  using byId = BpfMap.byId(map.info.id);
  assert.equal(byPath.lookup(indexKey(7))?.[0], 7);
  assert.equal(byId.info.name, "test");
  assert.throws(() => BpfMap.open(`${bpffs.path}/none`), (error: unknown) => {
    assert.ok(error instanceof DataplaneError);
    return error.errnoName === errno(2).name;
  });
});

rootTest("BpfMap: a closed map cannot be used", () => {
  const map = create("array", KINDS["array"] ?? assert.fail());
  map[Symbol.dispose]();
  map[Symbol.dispose]();
  assert.throws(() => map.lookup(indexKey(0)), /Cannot use a closed file descriptor/);
});

function create(kind: string, spec: Omit<MapSpec, "name" | "keySize" | "valueSize">): BpfMap {
  return BpfMap.create({ name: "test", keySize: kind === "trie" ? 8 : 4, valueSize: 8, ...spec });
}

/** Number i as an entry; in a trie a prefix of full length. */
function entry(kind: string, i: number, valueBytes: number): MapEntry {
  const key = kind === "trie" ? Uint8Array.of(32, 0, 0, 0, ...indexKey(i)) : indexKey(i);
  return [key, new Uint8Array(valueBytes).fill(i % 251)];
}

function sorted(entries: readonly MapEntry[]): readonly string[] {
  return entries.map(([key, value]) => `${key.toHex()} ${value.toHex()}`).sort();
}
