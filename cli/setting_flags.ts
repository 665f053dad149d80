import { parseAddress } from "../core/addr/parse_address.ts";
import { parsePrefix } from "../core/addr/parse_prefix.ts";
import type { Address, Prefix } from "../core/addr/types.ts";
import { pickSettings, type Settings } from "../core/config/settings.ts";
import { integerParser } from "./parameters.ts";

/** Flags of commands that change settings of the data plane. */
export interface SettingFlags
  extends Partial<Omit<Settings, "quicLb" | "compatKatran" | "ttl" | "ipipSourceV4">> {
  readonly quicLb?: readonly (readonly [string, number])[];
  readonly compat?: "none" | "katran";
}

/** Flags of settings that only attaching can choose. */
export type FixedSettingFlags = Partial<Pick<Settings, "ttl" | "ipipSourceV4">>;

/**
 * The settings that flags give.
 *
 * @param flags of the command line, others among them
 */
export function givenByFlags(
  { quicLb, compat, ...flags }: SettingFlags & FixedSettingFlags,
): Partial<Settings> {
  return {
    ...pickSettings(flags),
    ...(quicLb === undefined ? {} : { quicLb: Object.fromEntries(quicLb) }),
    ...(compat === undefined ? {} : { compatKatran: compat === "katran" }),
  };
}

const number = (brief: string, what: string, min: number, max: number, placeholder = "n") =>
  ({
    kind: "parsed",
    parse: integerParser(what, min, max),
    optional: true,
    brief,
    placeholder,
  }) as const;

const switched = (brief: string) => ({ kind: "boolean", optional: true, brief }) as const;

const source = (family: 4 | 6) =>
  ({
    kind: "parsed",
    parse: addressParser(family),
    optional: true,
    brief: `Outer IPv${family} source of GUE (attach: the interface's first global address)`,
    placeholder: "address",
  }) as const;

const prefix = (family: 4 | 6, bits: number) =>
  ({
    kind: "parsed",
    parse: prefixParser(family, bits),
    optional: true,
    brief: `First ${bits} bits of the outer IPv${family} source of IPIP`,
    placeholder: "prefix",
  }) as const;

const SECONDS_OF_MONTH = 30 * 86_400;

/** Settings that can change while a balancer is attached. */
export const settingFlags = {
  echo: {
    kind: "enum",
    values: ["off", "vip", "any"],
    optional: true,
    brief: "Who answers pings: nobody, VIPs, every address",
  },
  tooBig: switched("Answer packets that are too big with ICMP"),
  tooBigRate: number("Such answers per second and CPU", "messages per second", 0, 2 ** 32 - 1),
  pathMtu: {
    kind: "parsed",
    parse: parsePathMtu,
    optional: true,
    brief: "Largest IP packet towards reals, bytes; 0: not known",
    placeholder: "bytes",
  },
  maxFrame: number("Largest frame to a VIP, bytes", "a frame size", 64, 65535, "bytes"),
  connRate: number(
    "Flows remembered per second and CPU; 0: no limit",
    "insertions per second",
    0,
    2 ** 32 - 1,
  ),
  tcpIdle: number("Silence that ends a TCP flow", "seconds", 1, SECONDS_OF_MONTH, "s"),
  udpIdle: number("Silence that ends a UDP flow", "seconds", 1, 86_400, "s"),
  udpGrace: number("Time for which old UDP flows stay after a change", "seconds", 0, 86_400, "s"),
  guePort: number("UDP destination port of GUE", "a port", 1, 65535, "port"),
  gueSourceV4: source(4),
  gueSourceV6: source(6),
  ipipSourceV6: prefix(6, 96),
  quicLb: {
    kind: "parsed",
    parse: parseQuicLb,
    variadic: true,
    optional: true,
    brief: "QUIC-LB: config id and bytes of its server ids, as in 1=2, repeatable",
    placeholder: "id=n",
  },
  decapIpip: switched("Strip IPIP from packets to listed destinations"),
  decapGue: switched("Strip GUE from packets to listed destinations"),
  decapAny: switched("Strip packets to unlisted destinations too, for this host"),
  events: switched("Let weir events look at packets"),
  compat: {
    kind: "enum",
    values: ["none", "katran"],
    optional: true,
    brief: "Whose verdicts to take where they differ",
  },
} as const;

/** Settings that stay as long as a balancer is attached. */
export const fixedSettingFlags = {
  ttl: number("TTL of outer headers", "a TTL", 1, 255),
  ipipSourceV4: prefix(4, 16),
} as const;

function addressParser(family: 4 | 6): (input: string) => Address {
  return (input) => {
    const address = parseAddress(input);
    if (address?.family === family) return address;
    throw new SyntaxError(`Expected an IPv${family} address but found "${input}"`);
  };
}

function prefixParser(family: 4 | 6, bits: number): (input: string) => Prefix {
  return (input) => {
    const prefix = parsePrefix(input);
    if (prefix?.address.family === family && prefix.prefixLength === bits) return prefix;
    throw new SyntaxError(`Expected an IPv${family} prefix of ${bits} bits but found "${input}"`);
  };
}

function parsePathMtu(input: string): number {
  return input === "0" ? 0 : integerParser("0 or a packet size", 576, 65535)(input);
}

function parseQuicLb(input: string): readonly [string, number] {
  const [, id = "", length] = /^([0-6])=([1-4])$/.exec(input) ?? [];
  if (length !== undefined) return [id, Number(length)];
  throw new SyntaxError(
    `Expected a config id from 0 to 6 and a length from 1 to 4, as in 1=2, but found "${input}"`,
  );
}
