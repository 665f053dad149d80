import { vipEndpointText } from "../core/state/vip_key.ts";
import type { Context } from "./command.ts";

/**
 * What a shell may complete from the running balancer `main`; nothing if it cannot be read.
 *
 * @param context of the completion
 * @param partial what is typed so far
 * @param kind endpoints of VIPs, or addresses of reals
 */
export async function proposeFromState(
  { host }: Context,
  partial: string,
  kind: "endpoint" | "real",
): Promise<readonly string[]> {
  try {
    using dataplane = await host.openDataplane("main");
    if (dataplane === null) return [];
    const { vips, reals } = dataplane.readState();
    const words = kind === "endpoint"
      ? [...vips.values()].map(({ config }) => vipEndpointText(config))
      : [...reals.values()].filter(({ retired }) => !retired).map(({ config }) =>
        config.address.text
      );
    return [...new Set(words)].filter((word) => word.startsWith(partial)).sort();
  } catch {
    // A shell that completes is no place for errors.
    return [];
  }
}
