import * as abi from "./abi.gen.ts";
import type { BpfMap } from "./bpf_map.ts";
import { decode } from "./codec.ts";
import { check, checkErrno } from "./errors.ts";
import { libbpf } from "./libbpf/open.ts";

/** A packet that the program thought worth looking at. */
export interface PacketEvent {
  /** enum event_kind. */
  readonly kind: number;
  /** Length of the whole frame. */
  readonly frameBytes: number;
  /** The first bytes of the frame. */
  readonly bytes: Uint8Array;
}

/** Pages of each CPU's buffer, a power of two. */
const PAGES = 16n;

/** Reads the perf event array of a balancer: one reader at a time, the last one wins. */
export class EventReader implements Disposable {
  readonly #events: PacketEvent[] = [];
  readonly #open: DisposableStack;
  readonly #buffer: Deno.PointerObject;
  #lost = 0n;

  /**
   * @param map Map `events`; it must stay open, for the kernel empties it with the descriptor that
   *   filled it.
   * @throws {DataplaneError} When the kernel refuses.
   */
  constructor(map: BpfMap) {
    using open = new DisposableStack();
    const sample = open.adopt(
      new Deno.UnsafeCallback(
        { parameters: ["pointer", "i32", "pointer", "u32"], result: "void" } as const,
        (_context, _cpu, data, size) => this.#take(data, size),
      ),
      (callback) => callback.close(),
    );
    const lost = open.adopt(
      new Deno.UnsafeCallback(
        { parameters: ["pointer", "i32", "u64"], result: "void" } as const,
        (_context, _cpu, count) => void (this.#lost += BigInt(count)),
      ),
      (callback) => callback.close(),
    );
    const { pointer } = sample;
    const buffer = libbpf().perf_buffer__new(map.fd, PAGES, pointer, lost.pointer, null, null);
    checkErrno(buffer === null, "read events of map", map.info.name);
    if (buffer === null) throw new Error("unreachable");
    open.adopt(buffer, (pointer) => libbpf().perf_buffer__free(pointer));
    this.#buffer = buffer;
    this.#open = open.move();
  }

  /** Events that came when nobody read, and found no room. */
  get lost(): bigint {
    return this.#lost;
  }

  /**
   * Takes what has come since the last call; does not wait.
   *
   * @returns Events, in order for each CPU.
   * @throws {DataplaneError} When the kernel refuses.
   */
  read(): readonly PacketEvent[] {
    check(libbpf().perf_buffer__poll(this.#buffer, 0), "read events");
    return this.#events.splice(0);
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }

  #take(data: Deno.PointerValue, size: number): void {
    if (data === null || size < abi.Event.size) return;
    // The buffer is the kernel's again once this returns.
    const bytes = new Uint8Array(new Deno.UnsafePointerView(data).getArrayBuffer(size).slice(0));
    const { kind, frame_bytes, captured } = decode(abi.Event, bytes.subarray(0, abi.Event.size));
    const packet = bytes.subarray(abi.Event.size, abi.Event.size + captured);
    this.#events.push({ kind, frameBytes: frame_bytes, bytes: packet });
  }
}
