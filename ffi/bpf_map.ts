import { cString } from "./c_string.ts";
import { encode } from "./codec.ts";
import { errno } from "./errno.ts";
import { check, type Hints } from "./errors.ts";
import { Fd } from "./fd.ts";
import { queryInfo } from "./info.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";
import { possibleCpus } from "./possible_cpus.ts";

/** What a new map is made of. */
export interface MapSpec {
  /** At most 15 characters. */
  readonly name: string;
  /** `BPF_MAP_TYPE_*`. */
  readonly type: number;
  /** In bytes. */
  readonly keySize: number;
  /** In bytes. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_*`. */
  readonly flags?: number;
}

/** A key with its value, both as the kernel has them. */
export type MapEntry = readonly [key: Uint8Array, value: Uint8Array];

const UPDATE_HINTS: Hints = {
  E2BIG: "the map is full, attach with larger sizes",
  ENOSPC: "the map is full, attach with larger sizes",
  EINVAL: "key or value does not fit the map",
};
const PER_CPU: ReadonlySet<number> = new Set([
  kernel.BPF_MAP_TYPE_PERCPU_ARRAY,
  kernel.BPF_MAP_TYPE_PERCPU_HASH,
  kernel.BPF_MAP_TYPE_LRU_PERCPU_HASH,
]);
/** Bytes of values to ask for at once. */
const BATCH_BYTES = 1 << 18;
/** How kernels say that a map has no batch operations. */
const NO_BATCH: ReadonlySet<string> = new Set(["ENOTSUPP", "EOPNOTSUPP", "EINVAL"]);

/** An open BPF map. Keys and values are bytes; the files in `maps/` give them types. */
export class BpfMap implements Disposable {
  readonly #fd: Fd;
  readonly info: kernel.BpfMapInfo;
  /** Bytes that one look-up returns: for per-CPU maps the values of all CPUs. */
  readonly valueBytes: number;

  private constructor(fd: Fd) {
    this.#fd = fd;
    this.info = queryInfo(kernel.BpfMapInfo, fd.number);
    this.valueBytes = PER_CPU.has(this.info.type)
      ? Math.ceil(this.info.value_size / 8) * 8 * possibleCpus()
      : this.info.value_size;
  }

  /**
   * Makes a map.
   *
   * @param spec Its kind and sizes.
   * @returns The map, gone when it is disposed of and nobody else holds it.
   * @throws {DataplaneError} When the kernel refuses.
   */
  static create(spec: MapSpec): BpfMap {
    const opts = encode(kernel.BpfMapCreateOpts, {
      sz: BigInt(kernel.BpfMapCreateOpts.size),
      btf_fd: 0,
      btf_key_type_id: 0,
      btf_value_type_id: 0,
      map_flags: spec.flags ?? 0,
    });
    const { type, name, keySize, valueSize, maxEntries } = spec;
    const fd = libbpf().bpf_map_create(type, cString(name), keySize, valueSize, maxEntries, opts);
    return BpfMap.#own(check(fd, "create map", name));
  }

  /**
   * Opens a pinned map.
   *
   * @param path Its file in a bpffs.
   * @returns The map.
   * @throws {DataplaneError} When there is none.
   */
  static open(path: string): BpfMap {
    return BpfMap.#own(check(libbpf().bpf_obj_get(cString(path)), "open pinned map", path));
  }

  /**
   * Opens a map by its number in the kernel.
   *
   * @param id The number.
   * @returns The map.
   * @throws {DataplaneError} When there is none.
   */
  static byId(id: number): BpfMap {
    return BpfMap.#own(check(libbpf().bpf_map_get_fd_by_id(id), "open map by id", `${id}`));
  }

  static #own(number: number): BpfMap {
    using guard = new DisposableStack();
    const fd = guard.use(new Fd(number));
    const map = new BpfMap(fd);
    guard.move();
    return map;
  }

  /** The descriptor, for calls into C; the map stays its owner. */
  get fd(): number {
    return this.#fd.number;
  }

  /**
   * Reads one value.
   *
   * @param key The key.
   * @returns `valueBytes` bytes, or null when there is no such key.
   * @throws {DataplaneError} When the kernel refuses.
   */
  lookup(key: Uint8Array): Uint8Array<ArrayBuffer> | null {
    this.#checkKey(key, "look up");
    const value = new Uint8Array(this.valueBytes);
    const result = libbpf().bpf_map_lookup_elem(this.fd, buffer(key), value);
    if (errno(result).name === "ENOENT") return null;
    check(result, "look up in map", this.info.name);
    return value;
  }

  /**
   * Writes one value.
   *
   * @param key The key.
   * @param value `valueBytes` bytes.
   * @throws {RangeError} When a length is not the map's.
   * @throws {DataplaneError} When the kernel refuses.
   */
  update(key: Uint8Array, value: Uint8Array): void {
    this.#checkKey(key, "update");
    this.#checkValue(value);
    const result = libbpf().bpf_map_update_elem(
      this.fd,
      buffer(key),
      buffer(value),
      BigInt(kernel.BPF_ANY),
    );
    check(result, "update map", this.info.name, UPDATE_HINTS);
  }

  /**
   * Deletes one key.
   *
   * @param key The key.
   * @returns False when it was not there.
   * @throws {DataplaneError} When the kernel refuses.
   */
  delete(key: Uint8Array): boolean {
    this.#checkKey(key, "delete from");
    const result = libbpf().bpf_map_delete_elem(this.fd, buffer(key));
    if (errno(result).name === "ENOENT") return false;
    check(result, "delete from map", this.info.name);
    return true;
  }

  /**
   * Lists the keys, one call each.
   *
   * @returns The keys; in a map that changes meanwhile some can be missed or come twice.
   * @throws {DataplaneError} When the kernel refuses.
   */
  *keys(): Generator<Uint8Array<ArrayBuffer>> {
    let key: Uint8Array<ArrayBuffer> | null = null;
    for (;;) {
      const next: Uint8Array<ArrayBuffer> = new Uint8Array(this.info.key_size);
      const result = libbpf().bpf_map_get_next_key(this.fd, key, next);
      if (errno(result).name === "ENOENT") return;
      check(result, "list map", this.info.name);
      yield next;
      key = next;
    }
  }

  /**
   * Lists keys and values, many a call where the kernel can.
   *
   * @returns Entries; views of memory that nobody else uses.
   * @throws {DataplaneError} When the kernel refuses.
   */
  *entries(): Generator<MapEntry> {
    const { key_size: keySize, max_entries: maxEntries } = this.info;
    let size = Math.max(1, Math.min(maxEntries, Math.floor(BATCH_BYTES / this.valueBytes)));
    let cursor: Uint8Array<ArrayBuffer> | null = null;
    for (;;) {
      const batch = this.#lookupBatch(cursor, size);
      const { name } = errno(batch.result);
      if (cursor === null && NO_BATCH.has(name)) return yield* this.#entriesOneByOne();
      if (name === "ENOSPC") {
        // A bucket of a hash holds more than the batch.
        size *= 2;
        continue;
      }
      if (name !== "ENOENT") check(batch.result, "list map", this.info.name);
      for (let i = 0; i < batch.count; i++) {
        yield [
          batch.keys.subarray(i * keySize, (i + 1) * keySize),
          batch.values.subarray(i * this.valueBytes, (i + 1) * this.valueBytes),
        ];
      }
      if (name === "ENOENT") return;
      cursor = batch.next;
    }
  }

  /**
   * Writes several values, in one call where the kernel can.
   *
   * @param entries Keys and values.
   * @throws {RangeError} When a length is not the map's.
   * @throws {DataplaneError} When the kernel refuses; some entries may be written then.
   */
  updateBatch(entries: readonly MapEntry[]): void {
    for (const [key, value] of entries) {
      this.#checkKey(key, "update");
      this.#checkValue(value);
    }
    if (entries.length > 1) {
      const keys = concat(entries.map(([key]) => key), this.info.key_size);
      const values = concat(entries.map(([, value]) => value), this.valueBytes);
      const count = new Uint32Array([entries.length]);
      const result = libbpf().bpf_map_update_batch(this.fd, keys, values, count, null);
      if (!NO_BATCH.has(errno(result).name)) {
        check(result, "update map", this.info.name, UPDATE_HINTS);
        return;
      }
    }
    for (const [key, value] of entries) this.update(key, value);
  }

  /**
   * Gives the map a name in a bpffs, so that it outlives the process.
   *
   * @param path A file that is not there yet.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pin(path: string): void {
    check(libbpf().bpf_obj_pin(this.fd, cString(path)), "pin map", path);
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }

  #lookupBatch(cursor: Uint8Array<ArrayBuffer> | null, size: number): Batch {
    const next = new Uint8Array(Math.max(4, this.info.key_size));
    const keys = new Uint8Array(size * this.info.key_size);
    const values = new Uint8Array(size * this.valueBytes);
    const count = Uint32Array.of(size);
    const result = libbpf().bpf_map_lookup_batch(this.fd, cursor, next, keys, values, count, null);
    return { result, next, keys, values, count: count[0] ?? 0 };
  }

  *#entriesOneByOne(): Generator<MapEntry> {
    for (const key of this.keys()) {
      const value = this.lookup(key);
      if (value !== null) yield [key, value];
    }
  }

  #checkKey(key: Uint8Array, action: string): void {
    if (key.length === this.info.key_size) return;
    throw new RangeError(
      `Cannot ${action} map "${this.info.name}": want a key of ${this.info.key_size} bytes, ` +
        `got ${key.length}`,
    );
  }

  #checkValue(value: Uint8Array): void {
    if (value.length === this.valueBytes) return;
    throw new RangeError(
      `Cannot update map "${this.info.name}": want a value of ${this.valueBytes} bytes, ` +
        `got ${value.length}`,
    );
  }
}

/** What one call returned. */
interface Batch {
  /** 0, -ENOENT at the end of the map, or another error. */
  readonly result: number;
  /** Where the next call goes on. */
  readonly next: Uint8Array<ArrayBuffer>;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.length * size);
  parts.forEach((part, i) => bytes.set(part, i * size));
  return bytes;
}

/** Deno's calls refuse memory that another thread might share; copy it then. */
function buffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer
    ? bytes as Uint8Array<ArrayBuffer>
    : new Uint8Array(bytes);
}
