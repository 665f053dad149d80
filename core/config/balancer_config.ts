import type { ConfigForm } from "./schema.ts";
import type { BalancerConfig } from "./types.ts";

/**
 * Turns the `balancer` part of weir.yaml into settings named as in TypeScript.
 *
 * @param form the part as read; left out: every default
 */
export function balancerConfig(form: ConfigForm["balancer"] = {}): BalancerConfig {
  const { pmtu = {}, gue = {}, ipip = {}, quic = {} } = form;
  const decap: Partial<NonNullable<typeof form.decap>> = form.decap ?? {};
  const given: { readonly [K in keyof BalancerConfig]-?: BalancerConfig[K] | undefined } = {
    gatewayMac: form["gateway-mac"],
    mode: form.mode,
    maxVips: form["max-vips"],
    maxReals: form["max-reals"],
    maxFlows: form["max-flows"],
    echo: form.echo,
    tooBig: pmtu["too-big"],
    tooBigRate: pmtu.rate,
    pathMtu: pmtu["path-mtu"],
    maxFrame: form["max-frame"],
    connRate: form["conn-rate"],
    tcpIdle: form["tcp-idle"],
    udpIdle: form["udp-idle"],
    udpGrace: form["udp-grace"],
    ttl: form.ttl,
    guePort: gue.port,
    gueSourceV4: gue["source-v4"],
    gueSourceV6: gue["source-v6"],
    ipipSourceV4: ipip["source-v4"],
    ipipSourceV6: ipip["source-v6"],
    quicLb: quic.lb,
    decapIpip: decap.ipip,
    decapGue: decap.gue,
    decapAny: decap.any,
    events: form.events,
    compatKatran: form.compat === undefined ? undefined : form.compat === "katran",
    features: form.features,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
