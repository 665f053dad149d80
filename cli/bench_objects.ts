/**
 * The programs that only `weir bench` loads, inside the executable.
 *
 * @module
 */
import driver from "../dist/bpf/bench.bpf.o" with { type: "bytes" };
import reference from "../dist/bpf/reference.bpf.o" with { type: "bytes" };

/** The ELF file of bpf/bench.bpf.c. */
export const DRIVER: Uint8Array = driver;

/** The ELF file of bpf/reference.bpf.c. */
export const REFERENCE: Uint8Array = reference;
