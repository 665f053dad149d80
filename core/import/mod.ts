/**
 * Other balancers' configurations as weir's, with a list of what has no equivalent.
 *
 * @module
 */
export * from "./types.ts";
export * from "./import_ipvsadm.ts";
export * from "./import_keepalived.ts";
export * from "./import_katran.ts";
