import type { Address, Prefix } from "../addr/types.ts";
import { type FieldChange, fieldChanges } from "../state/config_changes.ts";

/** Settings of the data plane that a running balancer can tell. Times are in seconds. */
export interface Settings {
  /** Next hop of every packet sent, as text. */
  readonly gatewayMac: string;
  /** Who answers pings: nobody, VIPs, or every address. */
  readonly echo: "off" | "vip" | "any";
  /** Answer packets that are too big with ICMP. */
  readonly tooBig: boolean;
  /** Such messages per second and CPU. */
  readonly tooBigRate: number;
  /** Largest IP packet towards reals, bytes; 0: not known. */
  readonly pathMtu: number;
  /** Largest frame to a VIP, bytes with the untagged Ethernet header. */
  readonly maxFrame: number;
  /** Insertions into the flow table per second and CPU; 0: no limit. */
  readonly connRate: number;
  /** Silence after which a flow counts as ended. */
  readonly tcpIdle: number;
  readonly udpIdle: number;
  /** For how long after a change unknown UDP flows go to a slot's previous real. */
  readonly udpGrace: number;
  /** TTL of outer headers. */
  readonly ttl: number;
  readonly guePort: number;
  /** Outer source of GUE packets; null: there is none, and no GUE of that family. */
  readonly gueSourceV4: Address | null;
  readonly gueSourceV6: Address | null;
  /** First 16 and first 96 bits of the outer source of IPIP packets. */
  readonly ipipSourceV4: Prefix;
  readonly ipipSourceV6: Prefix;
  /** Bytes of the server id by QUIC-LB config id. */
  readonly quicLb: Readonly<Record<string, number>>;
  /** Remove IPIP or GUE from packets to listed destinations. */
  readonly decapIpip: boolean;
  readonly decapGue: boolean;
  /** As if every destination were listed with action pass. */
  readonly decapAny: boolean;
  /** Packets of interest can be looked at with `weir events`. */
  readonly events: boolean;
  /** Take katran's verdicts where weir's differ. */
  readonly compatKatran: boolean;
}

/** Where each setting stands below `balancer` in weir.yaml. */
export const SETTING_NAMES: Readonly<Record<keyof Settings, string>> = {
  gatewayMac: "gateway-mac",
  echo: "echo",
  tooBig: "pmtu.too-big",
  tooBigRate: "pmtu.rate",
  pathMtu: "pmtu.path-mtu",
  maxFrame: "max-frame",
  connRate: "conn-rate",
  tcpIdle: "tcp-idle",
  udpIdle: "udp-idle",
  udpGrace: "udp-grace",
  ttl: "ttl",
  guePort: "gue.port",
  gueSourceV4: "gue.source-v4",
  gueSourceV6: "gue.source-v6",
  ipipSourceV4: "ipip.source-v4",
  ipipSourceV6: "ipip.source-v6",
  quicLb: "quic.lb",
  decapIpip: "decap.ipip",
  decapGue: "decap.gue",
  decapAny: "decap.any",
  events: "events",
  compatKatran: "compat",
};

/** Settings that every real's entry is computed from: they stay while a balancer is attached. */
export const FIXED_SETTINGS: ReadonlySet<keyof Settings> = new Set(["ttl", "ipipSourceV4"]);

/**
 * A setting as weir.yaml writes it.
 *
 * @param settings some or all
 * @param key which of them
 */
export function settingText(settings: Partial<Settings>, key: keyof Settings): string {
  switch (key) {
    case "compatKatran":
      return settings.compatKatran === true ? "katran" : "none";
    case "gueSourceV4":
    case "gueSourceV6":
      return settings[key]?.text ?? "";
    case "ipipSourceV4":
    case "ipipSourceV6": {
      const prefix = settings[key];
      return prefix === undefined ? "" : `${prefix.address.text}/${prefix.prefixLength}`;
    }
    case "quicLb":
      return Object.entries(settings.quicLb ?? {}).sort()
        .map(([id, length]) => `${id}=${length}`).join(", ");
    default:
      return String(settings[key] ?? "");
  }
}

/**
 * What is to change of a balancer's settings; what is not wanted otherwise stays as it is.
 *
 * @param live as the balancer has them
 * @param wanted as a file or a command line says
 * @returns by the names of weir.yaml; empty if they agree
 */
export function settingChanges(live: Settings, wanted: Partial<Settings>): readonly FieldChange[] {
  return fieldChanges(
    settingKeys(wanted).map((key) =>
      [SETTING_NAMES[key], settingText(live, key), settingText(wanted, key)] as const
    ),
  );
}

/**
 * The settings that are given, in the order of weir.yaml.
 *
 * @param settings some or all, maybe among other fields
 */
export function settingKeys(settings: Partial<Settings>): readonly (keyof Settings)[] {
  return (Object.keys(SETTING_NAMES) as (keyof Settings)[])
    .filter((key) => settings[key] !== undefined);
}

/**
 * The settings among other fields.
 *
 * @param fields for example the `balancer` part of a file
 * @param keep which of the given ones; default all
 */
export function pickSettings(
  fields: Partial<Settings>,
  keep: (key: keyof Settings) => boolean = () => true,
): Partial<Settings> {
  return Object.fromEntries(settingKeys(fields).filter(keep).map((key) => [key, fields[key]]));
}
