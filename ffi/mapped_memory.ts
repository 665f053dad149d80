import type { BpfMap } from "./bpf_map.ts";
import { checkErrno } from "./errors.ts";
import { libc } from "./libbpf/open.ts";

const PROT_READ_WRITE = 1 | 2;
const MAP_SHARED = 1;
/** MAP_FAILED of <sys/mman.h>. */
const FAILED = 0xffff_ffff_ffff_ffffn;

/** The values of an array map as memory that the program sees, and this process too. */
export class MappedMemory implements Disposable {
  readonly #address: Deno.PointerObject;
  readonly #buffer: ArrayBuffer;
  #open = true;

  /**
   * @param map An array made with BPF_F_MMAPABLE, with values of a multiple of 8 bytes.
   * @throws {DataplaneError} When the kernel refuses.
   */
  constructor(map: BpfMap) {
    const { value_size, max_entries } = map.info;
    const size = value_size * max_entries;
    const address = libc().mmap(null, BigInt(size), PROT_READ_WRITE, MAP_SHARED, map.fd, 0n);
    if (address === null || Deno.UnsafePointer.value(address) === FAILED) {
      checkErrno(true, "map into memory", map.info.name);
      throw new Error("unreachable");
    }
    this.#address = address;
    this.#buffer = Deno.UnsafePointerView.getArrayBuffer(address, size);
  }

  /** The values, one behind the other. Not to be used after disposal. */
  get buffer(): ArrayBuffer {
    if (!this.#open) throw new Error("Cannot read memory that is no longer mapped");
    return this.#buffer;
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    libc().munmap(this.#address, BigInt(this.#buffer.byteLength));
  }
}
