/** Why a packet is dropped: the names of `enum drop_reason` in abi.h. */
export type DropReason =
  | "frame_short"
  | "ip_truncated"
  | "ip_options"
  | "fragment"
  | "l4_truncated"
  | "icmp_quote"
  | "too_big"
  | "no_real"
  | "real_unset"
  | "unknown_server"
  | "encap_failed"
  | "decap_malformed"
  | "decap_ttl"
  | "decap_ecn";

/** What becomes of a packet once a step has made up its mind. */
export type Decision =
  /** Hand it to the host as it is now. */
  | { readonly action: "pass" }
  /** Hand this frame, which came out of a tunnel, to the host. */
  | { readonly action: "pass-inner"; readonly frame: Uint8Array }
  | { readonly action: "drop"; readonly reason: DropReason }
  /** Transmit this frame. */
  | { readonly action: "send"; readonly frame: Uint8Array }
  /** A tunnel was taken off: start again with this frame. */
  | { readonly action: "again"; readonly frame: Uint8Array };

/** Hand the packet to the host. */
export const PASS: Decision = { action: "pass" };

/** Drop the packet for this reason. */
export function drop(reason: DropReason): Decision {
  return { action: "drop", reason };
}

/** Transmit `frame`. */
export function send(frame: Uint8Array): Decision {
  return { action: "send", frame };
}

/** Whether a step decided the packet's fate instead of giving a value for the next step. */
export function isDecision(result: object): result is Decision {
  return "action" in result;
}
