/** Kernel lines that weir is tested on, oldest first: the oldest it supports to the newest. */
export const KERNELS: readonly string[] = ["5.10", "6.1", "6.12", "6.18", "7.3"];
