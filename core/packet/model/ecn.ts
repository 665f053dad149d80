const NOT_ECT = 0b00;
const ECT_1 = 0b01;
const CE = 0b11;

/**
 * The ECN field of a packet leaving a tunnel (RFC 6040, section 4.2, figure 4).
 *
 * @param inner ECN bits of the inner header, as they went into the tunnel.
 * @param outer ECN bits of the outer header, as they came out.
 * @returns The field to forward; null: the sender does not know ECN, so congestion means a drop.
 */
export function mergeEcn(inner: number, outer: number): number | null {
  if (outer === CE) return inner === NOT_ECT ? null : CE;
  if (outer === ECT_1 && inner !== NOT_ECT && inner !== CE) return ECT_1;
  return inner;
}
