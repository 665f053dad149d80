/** Bits of a cpu_set_t. */
const CPU_SET_BYTES = 128;

/**
 * Keeps this thread on one CPU while work is done: the program's rate gates are per CPU, and a run
 * that moves sees two of them.
 *
 * @param work What to do.
 * @returns What it returns.
 */
export async function pinned<T>(work: () => Promise<T>): Promise<T> {
  const libc = Deno.dlopen("libc.so.6", {
    sched_getaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
    sched_setaffinity: { parameters: ["i32", "usize", "buffer"], result: "i32" },
    sched_getcpu: { parameters: [], result: "i32" },
  });
  const size = BigInt(CPU_SET_BYTES);
  const before = new Uint8Array(CPU_SET_BYTES);
  libc.symbols.sched_getaffinity(0, size, before);
  try {
    const cpu = libc.symbols.sched_getcpu();
    const one = new Uint8Array(CPU_SET_BYTES);
    one[cpu >> 3] = 1 << (cpu & 7);
    libc.symbols.sched_setaffinity(0, size, one);
    return await work();
  } finally {
    libc.symbols.sched_setaffinity(0, size, before);
    libc.close();
  }
}
