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

/** Addresses that agree in their first bits; make one with `parsePrefix`. */
export interface Prefix {
  /** The first address: no bit is set beyond the prefix. */
  readonly address: Address;
  /** Bits, 0 to 32 or 128; full length for a single address. */
  readonly prefixLength: number;
}

/** A prefix and a port; make one with `parseEndpoint`. */
export interface Endpoint extends Prefix {
  /** 0 to 65535. */
  readonly port: number;
}
