import type { Attachment, AttachResult } from "../host.ts";
import type { TableOptions } from "../term/table.ts";

/**
 * Says what is attached where.
 *
 * @param attachment the balancer; with `fallback` if it was attached just now
 * @param options colour
 */
export function attachmentLines(
  attachment: Attachment | AttachResult,
  { style }: TableOptions,
): readonly string[] {
  const { balancer, ifname, mode, gatewayMac, features } = attachment;
  const fallback = "fallback" in attachment ? attachment.fallback : null;
  const replaced = "replaced" in attachment ? attachment.replaced : null;
  return [
    `Balancer "${balancer}" is on ${ifname}, mode ${mode}`,
    ...(replaced === null ? [] : [`It took the place of program "${replaced}"`]),
    ...(fallback === null ? [] : [style.yellow(`Not native, which is faster: ${fallback}`)]),
    `Next hop ${gatewayMac}; features: ${features.length === 0 ? "none" : features.join(", ")}`,
  ];
}
