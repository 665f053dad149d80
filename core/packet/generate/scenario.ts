import { addressFromBytes } from "../../addr/address_from_bytes.ts";
import { parsePrefix } from "../../addr/parse_prefix.ts";
import type { Address, Family, Prefix } from "../../addr/types.ts";
import { NO_REAL, RING_SIZE, SLOT_UNSTABLE } from "../../ring/constants.ts";
import type { Affinity, RealConfig, Ring, VipConfig, VipFlag } from "../../state/types.ts";
import type { Host, Settings } from "../model/settings.ts";
import { defaultSettings } from "../model/settings.ts";
import type { GlobalFlow, ModelTables, ModelVip } from "../model/tables.ts";
import { isCidr } from "../model/tables.ts";
import { CLIENT_PORTS, CLIENTS, VIP_PORTS } from "./clients.ts";
import type { Random } from "./random.ts";

/** A balancer's set-up, for the model and for the kernel. */
export interface Scenario {
  readonly settings: Settings;
  readonly host: Host;
  readonly tables: ModelTables;
}

const MAX_REAL = 12;
/** Real indices of rings and tables; the larger ones may have no entry. */
const REAL_INDICES = Array.from({ length: MAX_REAL }, (_, index) => index + 1);

/** Few prefixes, some inside others, so that VIPs share addresses and packets find them. */
const VIP_PREFIXES = [
  "10.200.1.1/32",
  "10.200.1.2/32",
  "10.200.1.3/32",
  "10.200.1.0/29",
  "10.200.0.0/13",
  "172.20.0.0/31",
  "fc00:1::1/128",
  "fc00:1::2/128",
  "fc00:1::/61",
  "fc00::/15",
];

const SOURCE_PREFIXES = ["0.0.0.0/0", "192.168.0.0/17", "192.168.1.0/30", "::/0", "fc00:2::/127"];

const ANY_FLAGS: readonly VipFlag[] = [
  "no-source-port",
  "dport-hash",
  "source-routing",
  "local",
  "global-flows",
  "hash-src-dst-port",
];
const UDP_FLAGS: readonly VipFlag[] = ["quic", "udp-stable", "udp-migration"];
const TCP_FLAGS: readonly VipFlag[] = ["tcp-server-id"];

/**
 * A set-up that a control plane could have made, besides rings and server ids that name reals
 * without an entry. Features are on wherever a VIP or real asks for them. Rates may be low: run
 * the packets of a scenario within a second, or times decide.
 *
 * @param tick Now, in ticks of 2^24 ns; rings changed some time before.
 */
export function generateScenario(random: Random, tick: number): Scenario {
  const reals = generateReals(random);
  const vips = generateVips(random, tick);
  const tables: ModelTables = {
    globalFlows: generateGlobalFlows(random, vips),
    vips,
    reals,
    down: vips.flatMap(({ index }) =>
      random.some(REAL_INDICES, 6).map((real) => ({ vip: index, real }))
    ),
    serverIds: generateServerIds(random),
    sources: random.some(SOURCE_PREFIXES, 2).map((text) => ({
      ...prefix(text),
      real: random.pick(REAL_INDICES),
    })),
    decapDestinations: ["172.31.0.1", "fc00:1404::1", "10.200.1.1"].map((text) => ({
      address: prefix(text).address,
      inner: random.pick(["balance", "balance", "return", "pass"]),
    })),
  };
  return { settings: generateSettings(random, tables), host: generateHost(random), tables };
}

function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === null) throw new SyntaxError(`Cannot read "${text}" as a prefix`);
  return parsed;
}

function generateReals(random: Random): ReadonlyMap<number, RealConfig> {
  const present = REAL_INDICES.filter(() => !random.oneIn(8));
  return new Map(present.map((index) => [index, {
    address: realAddress(random.pick([4, 6]), index),
    name: "",
    local: random.oneIn(4),
    encap: random.pick(["ipip", "gue", null, null]),
  }]));
}

function realAddress(family: Family, index: number): Address {
  const bytes = new Uint8Array(16);
  if (family === 4) bytes.set([10, 0, 0, index]);
  else bytes.set([0xfc, index], 0);
  bytes[family === 4 ? 3 : 15] = index;
  return addressFromBytes(family, bytes);
}

function generateVips(random: Random, tick: number): readonly ModelVip[] {
  const vips = new Map<string, VipConfig>();
  for (let count = random.between(1, 8); count > 0; count--) {
    const config = generateVip(random);
    const { address, prefixLength, port, protocol } = config;
    vips.set(`${address.text}/${prefixLength}:${port}/${protocol}`, config);
  }
  return [...vips.values()].map((config, index) => ({
    index,
    config,
    ring: random.oneIn(16) ? null : generateRing(random, config.affinity, tick),
  }));
}

function generateVip(random: Random): VipConfig {
  const protocol = random.pick(["tcp", "udp"] as const);
  const flags = [...ANY_FLAGS, ...(protocol === "udp" ? UDP_FLAGS : TCP_FLAGS)];
  const { address, prefixLength } = prefix(random.pick(VIP_PREFIXES));
  return {
    address,
    prefixLength,
    port: random.pick([0, ...VIP_PORTS]),
    protocol,
    name: "",
    flags: random.some(flags, 4),
    affinity: random.pick<Affinity>(["default", "default", "always", "none"]),
    encap: random.pick(["ipip", "gue"]),
    ringHash: "maglev-v2",
  };
}

/** A ring of repeating random slots: the data plane does not care how it was filled. */
function generateRing(random: Random, affinity: Affinity, tick: number): Ring {
  const pattern = Array.from({ length: 251 }, () => {
    const real = random.oneIn(40) ? NO_REAL : random.pick(REAL_INDICES);
    const unstable = affinity !== "none" && random.oneIn(3);
    const prev = unstable && !random.oneIn(4) ? random.pick(REAL_INDICES) : NO_REAL;
    return { slot: unstable ? real | SLOT_UNSTABLE : real, prev };
  });
  const slots = new Uint16Array(RING_SIZE);
  const prevs = new Uint16Array(RING_SIZE);
  for (let at = 0; at < RING_SIZE; at++) {
    const { slot = NO_REAL, prev = NO_REAL } = pattern[at % pattern.length] ?? {};
    slots[at] = slot;
    prevs[at] = prev;
  }
  const age = random.pick([defaultSettings.udpGrace / 2, defaultSettings.udpGrace * 2]);
  return { slots, prev: prevs, changedAt: (tick - Math.floor(age)) >>> 0, generation: 1 };
}

/** Ids of every length; those of one range are near each other, so that packets hit them. */
function generateServerIds(random: Random): ReadonlyMap<number, number> {
  const bases = [1, 0xfffe, 0xfffffe, 0x7fffffff, 0xfffffffe];
  return new Map(bases.flatMap((base) => [
    [base, random.pick(REAL_INDICES)] as const,
    [base + 1, random.pick(REAL_INDICES)] as const,
  ]));
}

/** Flows of clients that another balancer is said to have seen. */
function generateGlobalFlows(random: Random, vips: readonly ModelVip[]): readonly GlobalFlow[] {
  return vips.filter(({ config }) => !isCidr(config)).flatMap(({ index, config }) => {
    const { family } = config.address;
    const flows = CLIENTS[family].flatMap((source) =>
      CLIENT_PORTS.flatMap((sourcePort) =>
        VIP_PORTS.map((destinationPort) => ({ family, source, sourcePort, destinationPort }))
      )
    );
    return random.some(flows, 4).map((flow) => ({
      key: { vip: index, destination: 0, ...flow },
      real: random.pick(REAL_INDICES),
    }));
  });
}

function generateSettings(random: Random, { vips, reals }: ModelTables): Settings {
  const flag = (name: VipFlag) => vips.some(({ config }) => config.flags.includes(name));
  const maybe = (needed: boolean) => needed || random.oneIn(4);
  const gue = vips.some(({ config }) => config.encap === "gue") ||
    [...reals.values()].some(({ encap }) => encap === "gue");
  return {
    connRate: random.pick([0, 125_000, 125_000, 5]),
    tooBigRate: random.pick([0, 1000, 1000, 3]),
    udpIdle: defaultSettings.udpIdle,
    tcpIdle: defaultSettings.tcpIdle,
    udpGrace: defaultSettings.udpGrace,
    ipipSourceV4: random.bytes(2),
    ipipSourceV6: random.bytes(12),
    guePort: random.pick([6080, 9886]),
    maxFrame: random.pick([1514, 1514, 1400, 614]),
    pathMtu: random.pick([0, 0, 1500, 1280, 576]),
    ttl: random.pick([64, 64, 64, 255]),
    quicLbIdLength: Array.from({ length: 8 }, () => random.oneIn(6) ? random.between(1, 4) : 0),
    echo: random.pick(["off", "vip", "vip", "any"]),
    tooBig: random.oneIn(2),
    cidr: maybe(vips.some(({ config }) => isCidr(config))),
    gue: maybe(gue),
    quic: maybe(flag("quic")),
    tcpServerId: maybe(flag("tcp-server-id")),
    udpStable: maybe(flag("udp-stable")),
    udpMigration: maybe(flag("udp-migration")),
    sources: maybe(flag("source-routing")),
    local: maybe(flag("local")),
    globalFlows: maybe(flag("global-flows")),
    decapIpip: random.oneIn(2),
    decapGue: random.oneIn(2),
    decapAny: random.oneIn(6),
    compatKatran: random.oneIn(4),
  };
}

function generateHost(random: Random): Host {
  return {
    gatewayMac: random.bytes(6),
    gueSourceV4: random.bytes(4),
    gueSourceV6: random.bytes(16),
  };
}
