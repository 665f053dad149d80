/** Set-ups of the model's tests, with addresses as text. Only tests import this. */
import { parseEndpoint } from "../../addr/parse_endpoint.ts";
import { parseAddress } from "../../addr/parse_address.ts";
import { parsePrefix } from "../../addr/parse_prefix.ts";
import type { Address } from "../../addr/types.ts";
import { RING_SIZE } from "../../ring/constants.ts";
import type { RealConfig, Ring, VipConfig } from "../../state/types.ts";
import { packet, type PacketBuilder } from "../build.ts";
import { Model, type ModelResult } from "./model.ts";
import { defaultSettings, type Host, type Settings } from "./settings.ts";
import type { ModelTables, ModelVip } from "./tables.ts";

/** MACs of the fact sheet's vectors. */
export const BALANCER_MAC = "02:00:00:00:00:00";
export const ROUTER_MAC = "01:00:00:00:00:00";

/** An address from text. */
export function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new SyntaxError(`Cannot read "${text}" as an address`);
  return address;
}

/** The host of the fact sheet's vectors. */
export const host: Host = {
  gatewayMac: Uint8Array.of(0, 0, 0xde, 0xad, 0xbe, 0xaf),
  gueSourceV4: ip("10.0.13.37").bytes.subarray(0, 4),
  gueSourceV6: ip("fc00:2307::1337").bytes,
};

/** A real from its address. */
export function real(text: string, rest: Partial<RealConfig> = {}): RealConfig {
  return { address: ip(text), name: "", local: false, encap: null, ...rest };
}

/** A VIP from `10.200.1.1:80/udp`; or `[fc00::/64]:0/tcp`. */
export function vip(
  index: number,
  text: string,
  ring: Ring | null,
  rest: Partial<VipConfig> = {},
): ModelVip {
  const [where = "", protocol] = text.split(/\/(?=tcp|udp)/);
  const endpoint = parseEndpoint(where);
  if (endpoint === null) throw new SyntaxError(`Cannot read "${text}" as a VIP`);
  const config: VipConfig = {
    ...endpoint,
    protocol: protocol === "tcp" ? "tcp" : "udp",
    name: "",
    flags: [],
    affinity: "default",
    encap: "ipip",
    ringHash: "maglev-v1",
    ...rest,
  };
  return { index, config, ring };
}

/** A settled ring, or one with the same real in every slot. */
export function ring(slots: Uint16Array | number, rest: Partial<Ring> = {}): Ring {
  return {
    slots: typeof slots === "number" ? new Uint16Array(RING_SIZE).fill(slots) : slots,
    prev: new Uint16Array(RING_SIZE),
    changedAt: 0,
    generation: 1,
    ...rest,
  };
}

/** Tables that are empty but for what is given. */
export function tables(given: Partial<ModelTables>): ModelTables {
  return {
    vips: [],
    reals: new Map(),
    down: [],
    serverIds: new Map(),
    sources: [],
    decapDestinations: [],
    globalFlows: [],
    ...given,
  };
}

/** A source rule from `192.168.0.0/17`. */
export function source(text: string, realIndex: number): ModelTables["sources"][number] {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new SyntaxError(`Cannot read "${text}" as a prefix`);
  return { ...prefix, real: realIndex };
}

/** Ten seconds after boot, in ns, and the same in ticks. */
export const NOW = 10_000_000_000n;
export const TICK = Number(NOW >> 24n);

/** A frame from the router that begins with `ethernet`. */
export function fromRouter(): PacketBuilder {
  return packet().ethernet(BALANCER_MAC, ROUTER_MAC);
}

/** A model of the host above; settings that are not given are the defaults. */
export function modelOf(
  given: Partial<ModelTables>,
  settings: Partial<Settings> = {},
  maxFlows?: number,
): Model {
  return new Model({ ...defaultSettings, ...settings }, host, tables(given), maxFlows);
}

/** The changed counters, less those that every packet changes, as text for short tests. */
export function counted(result: ModelResult): string {
  return [...result.counters.keys()]
    .filter((name) => !/^(sent|passed|dropped|drops|vip|real)[. ]/.test(name))
    .sort().join(" ");
}
