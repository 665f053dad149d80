import { checkErrno } from "../errors.ts";
import { sched } from "../libbpf/sched.h.ts";

type Sched = Deno.DynamicLibrary<typeof sched>["symbols"];

/** The calling thread. */
const SELF = 0;
const SCHED_FIFO = 1;
/** Threads that this one starts run as usual. */
const SCHED_RESET_ON_FORK = 0x4000_0000;
const LOWEST_PRIORITY = 1;
/** sizeof(cpu_set_t): 1024 CPUs. */
const CPU_SET_BYTES = 128;

/** Keeps the calling thread on one CPU, where no ordinary process interrupts it, until disposed. */
export class PinnedThread implements Disposable {
  /** The CPU: the last one that the thread may use, for the first ones serve most interrupts. */
  readonly cpu: number;
  readonly #library: Deno.DynamicLibrary<typeof sched>;
  readonly #cpus = new Uint8Array(CPU_SET_BYTES);
  readonly #priority = new Int32Array(1);
  readonly #policy: number;

  /** @throws {DataplaneError} When the kernel refuses. */
  constructor() {
    using guard = new DisposableStack();
    this.#library = guard.adopt(Deno.dlopen("libc.so.6", sched), (library) => library.close());
    const { symbols } = this.#library;
    const read = symbols.sched_getaffinity(SELF, BigInt(CPU_SET_BYTES), this.#cpus);
    checkErrno(read < 0, "read the CPUs of the thread");
    this.#policy = symbols.sched_getscheduler(SELF);
    checkErrno(this.#policy < 0, "read the scheduling policy of the thread");
    checkErrno(symbols.sched_getparam(SELF, this.#priority) < 0, "read the priority of the thread");
    this.cpu = lastCpu(this.#cpus);
    setCpus(symbols, cpuSet(this.cpu));
    guard.defer(() => setCpus(symbols, this.#cpus));
    setPolicy(symbols, SCHED_FIFO | SCHED_RESET_ON_FORK, Int32Array.of(LOWEST_PRIORITY));
    guard.move();
  }

  [Symbol.dispose](): void {
    setPolicy(this.#library.symbols, this.#policy, this.#priority);
    setCpus(this.#library.symbols, this.#cpus);
    this.#library.close();
  }
}

function setCpus(symbols: Sched, cpus: Uint8Array<ArrayBuffer>): void {
  const result = symbols.sched_setaffinity(SELF, BigInt(cpus.length), cpus);
  checkErrno(result < 0, "choose the CPU of the thread");
}

function setPolicy(symbols: Sched, policy: number, priority: Int32Array<ArrayBuffer>): void {
  const result = symbols.sched_setscheduler(SELF, policy, priority);
  checkErrno(result < 0, "choose the scheduling policy of the thread");
}

function lastCpu(cpus: Uint8Array): number {
  const byte = cpus.findLastIndex((bits) => bits !== 0);
  return 8 * byte + 31 - Math.clz32(cpus[byte] ?? 0);
}

function cpuSet(cpu: number): Uint8Array<ArrayBuffer> {
  const cpus = new Uint8Array(CPU_SET_BYTES);
  cpus[cpu >> 3] = 1 << (cpu & 7);
  return cpus;
}
