import * as v from "valibot";
import { isStationMac, parseAddress, parseMac, parsePrefix } from "../addr/mod.ts";
import type { Address } from "../addr/types.ts";
import { isAmbiguousDestination } from "../state/tables.ts";
import {
  AFFINITIES,
  DECAP_ACTIONS,
  ENCAPS,
  FEATURES,
  MEMBER_STATES,
  PROTOCOLS,
  RING_HASHES,
  VIP_FLAGS,
} from "../state/words.ts";
import { choice, field, flag, integer, mapping, name, text } from "./fields.ts";

const realAddress = () =>
  text("the address of a real (no mask, not all zero)", (input) => {
    const address = parseAddress(input);
    return address === null || isUnspecified(address) ? null : address;
  });
const addressOf = (family: 4 | 6) =>
  text(`an IPv${family} address`, (input) => {
    const address = parseAddress(input);
    return address?.family === family ? address : null;
  });
const prefixOf = (family: 4 | 6, prefixLength: number) =>
  text(`an IPv${family} prefix of ${prefixLength} bits`, (input) => {
    const prefix = parsePrefix(input);
    return prefix?.address.family === family && prefix.prefixLength === prefixLength
      ? prefix
      : null;
  });
/** Bytes of the server id by QUIC-LB config id; id 7 means unroutable there. */
const quicLb = () =>
  field("server-id lengths from 1 to 4 by QUIC-LB config id from 0 to 6", (input) => {
    if (typeof input !== "object" || input === null || Array.isArray(input)) return null;
    const lengths = Object.entries(input);
    const fits = lengths.every(([id, length]) => /^[0-6]$/.test(id) && isIn(length, 1, 4));
    return fits ? Object.fromEntries(lengths) as Record<string, number> : null;
  }, {
    type: "object",
    propertyNames: { pattern: "^[0-6]$" },
    additionalProperties: { type: "integer", minimum: 1, maximum: 4 },
  });
const port = () =>
  field("a port from 0 to 65535 or any", (input) => {
    if (input === "any") return 0;
    return isIn(input, 0, 65535) ? Number(input) : null;
  }, { anyOf: [{ type: "integer", minimum: 0, maximum: 65535 }, { const: "any" }] });

const destination = mapping("a decapsulation destination", {
  address: text("an address (IPv6: not all of the last 12 bytes zero)", (input) => {
    const address = parseAddress(input);
    return address === null || isUnspecified(address) || isAmbiguousDestination(address)
      ? null
      : address;
  }),
  action: v.optional(choice("an action", DECAP_ACTIONS), "balance"),
});

const balancer = mapping("the balancer", {
  "gateway-mac": v.optional(
    text("auto or the MAC address of one interface", (input) => {
      const mac = input === "auto" ? null : parseMac(input);
      return input === "auto" || (mac !== null && isStationMac(mac)) ? input : null;
    }),
  ),
  mode: v.optional(choice("an attach mode", ["native", "generic", "offload", "auto"])),
  "max-vips": v.optional(integer("a number of VIPs", 1, 65535)),
  "max-reals": v.optional(integer("a number of reals", 2, 32768)),
  "max-flows": v.optional(integer("a number of flows", 1, 2 ** 30)),
  echo: v.optional(choice("who answers pings", ["off", "vip", "any"])),
  pmtu: v.optional(mapping("path-MTU discovery", {
    "too-big": v.optional(flag()),
    rate: v.optional(integer("messages per second", 0, 2 ** 32 - 1)),
    "path-mtu": v.optional(
      field(
        "a packet size from 576 to 65535, or 0",
        (input) => input === 0 || isIn(input, 576, 65535) ? Number(input) : null,
        { anyOf: [{ const: 0 }, { type: "integer", minimum: 576, maximum: 65535 }] },
      ),
    ),
  })),
  "conn-rate": v.optional(integer("insertions per second", 0, 2 ** 32 - 1)),
  "max-frame": v.optional(integer("a frame size", 64, 65535)),
  ttl: v.optional(integer("a TTL", 1, 255)),
  "tcp-idle": v.optional(integer("seconds", 1, 30 * 86_400)),
  "udp-idle": v.optional(integer("seconds", 1, 86_400)),
  "udp-grace": v.optional(integer("seconds", 0, 86_400)),
  gue: v.optional(mapping("GUE", {
    port: v.optional(integer("a port", 1, 65535)),
    "source-v4": v.optional(addressOf(4)),
    "source-v6": v.optional(addressOf(6)),
  })),
  ipip: v.optional(mapping("IPIP", {
    "source-v4": v.optional(prefixOf(4, 16)),
    "source-v6": v.optional(prefixOf(6, 96)),
  })),
  quic: v.optional(mapping("QUIC", {
    lb: v.optional(quicLb()),
  })),
  decap: v.optional(mapping("inline decapsulation", {
    ipip: v.optional(flag()),
    gue: v.optional(flag()),
    any: v.optional(flag()),
    destinations: v.optional(v.array(destination, "Expected a list of destinations"), []),
  })),
  events: v.optional(flag()),
  compat: v.optional(choice("what to be compatible with", ["none", "katran"])),
  features: v.optional(v.array(choice("a feature", FEATURES), "Expected a list of features")),
});

const vipDefaults = {
  affinity: v.optional(choice("an affinity", AFFINITIES)),
  encap: v.optional(choice("an encapsulation", ENCAPS)),
  ring: v.optional(choice("a ring algorithm", RING_HASHES)),
};

const real = mapping("a real", {
  address: realAddress(),
  /** Default: the key it stands under. */
  name: v.optional(name()),
  local: v.optional(flag(), false),
  encap: v.optional(choice("an encapsulation", ENCAPS)),
});

const memberMapping = mapping("a real of a VIP", {
  address: v.optional(realAddress()),
  real: v.optional(name()),
  weight: v.optional(integer("a weight", 0, 65535)),
  state: v.optional(choice("a state", MEMBER_STATES)),
});
/** A bare word is the name or the address of a real. */
const memberWord = v.pipe(
  v.string(),
  v.transform((word) => ({ word, weight: undefined, state: undefined })),
);
const member = v.lazy((input) => typeof input === "string" ? memberWord : memberMapping);

const vip = mapping("a VIP", {
  name: v.optional(name(), ""),
  address: text("an address or a prefix without host bits", parsePrefix),
  port: port(),
  protocol: choice("a protocol", PROTOCOLS),
  flags: v.optional(v.array(choice("a VIP flag", VIP_FLAGS), "Expected a list of VIP flags"), []),
  ...vipDefaults,
  reals: v.optional(v.array(member, "Expected a list of reals"), []),
});

const server = mapping("a server id", {
  id: integer("a server id", 1, 2 ** 32 - 1),
  real: text("the name or address of a real", (input) => input),
});

const source = mapping("a source", {
  prefix: text("a prefix without host bits", parsePrefix),
  real: text("the name or address of a real", (input) => input),
});

/** The form of weir.yaml. */
export const configSchema = mapping("the configuration", {
  balancer: v.optional(balancer),
  defaults: v.optional(mapping("the defaults", vipDefaults)),
  reals: v.optional(v.record(v.string(), real, "Expected a mapping from names to reals")),
  servers: v.optional(v.array(server, "Expected a list of server ids"), []),
  sources: v.optional(v.array(source, "Expected a list of sources"), []),
  vips: v.array(vip, "Expected a list of VIPs"),
});

/** weir.yaml with every value read, names not yet resolved. */
export type ConfigForm = v.InferOutput<typeof configSchema>;
/** One VIP of it. */
export type VipForm = ConfigForm["vips"][number];
/** One real of a VIP. */
export type MemberForm = VipForm["reals"][number];

function isUnspecified(address: Address): boolean {
  return address.bytes.every((byte) => byte === 0);
}

function isIn(input: unknown, min: number, max: number): boolean {
  return typeof input === "number" && Number.isInteger(input) && input >= min && input <= max;
}
