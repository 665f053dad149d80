/** Address family as the number in its name. */
export type Family = 4 | 6;

/** An IP address; make one with `parseAddress`, never by hand. */
export interface Address {
  readonly family: Family;
  /** 16 bytes in map order: IPv4 stands in the first four, the rest is zero. */
  readonly bytes: Uint8Array;
  /** Canonical text (RFC 5952 for IPv6); equal addresses have equal text. */
  readonly text: string;
}
