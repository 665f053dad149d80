/**
 * The compiled data plane, inside the executable. Imported only to attach, for it is large.
 *
 * @module
 */
import decap from "../dist/bpf/decap.bpf.o" with { type: "bytes" };
import loadBalancer from "../dist/bpf/lb.bpf.o" with { type: "bytes" };
import probe from "../dist/bpf/probe.bpf.o" with { type: "bytes" };

/** The ELF file of bpf/lb.bpf.c. */
export const LOAD_BALANCER: Uint8Array = loadBalancer;

/** The ELF file of bpf/decap.bpf.c. */
export const DECAP: Uint8Array = decap;

/** The ELF file of bpf/probe.bpf.c. */
export const PROBE: Uint8Array = probe;
