/** The ELF files of bpf/: lb, bench and reference. */
export interface BenchObjects {
  readonly loadBalancer: Uint8Array;
  readonly driver: Uint8Array;
  readonly reference: Uint8Array;
}
