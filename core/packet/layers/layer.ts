import type { Family } from "../../addr/types.ts";

/** Addresses that a transport checksum covers: those of the nearest IP header in front of it. */
export interface IpAddresses {
  readonly family: Family;
  /** 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** 4 or 16 bytes. */
  readonly destination: Uint8Array;
}

/** A header that knows how to write itself in front of what follows. */
export interface Layer {
  /** What an Ethernet header or tag in front of this layer calls it. */
  readonly etherType?: number;
  /** What an IP header in front of this layer calls it. */
  readonly protocol?: (family: Family) => number;
  /** Only IP layers have addresses. */
  readonly addresses?: IpAddresses;
  /**
   * Writes the layer.
   *
   * @param rest The layers behind this one, as bytes.
   * @param next The layer right behind this one, if there is one.
   * @param ip The nearest IP layer in front of this one, if there is one.
   */
  encode(rest: Uint8Array, next: Layer | undefined, ip: IpAddresses | undefined): Uint8Array;
}
