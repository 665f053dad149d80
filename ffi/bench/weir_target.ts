import { parseAddress } from "../../core/addr/parse_address.ts";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { parsePrefix } from "../../core/addr/parse_prefix.ts";
import type { Address } from "../../core/addr/types.ts";
import {
  benchReals,
  benchServerIds,
  DECAP_ADDRESS,
  GATEWAY_MAC,
  realsOf,
  SOURCE_PREFIX,
  VIPS,
} from "../../core/bench/scenario.ts";
import type { BenchFeature, BenchVip, World } from "../../core/bench/types.ts";
import { RING_SIZE, SLOT_UNSTABLE } from "../../core/ring/constants.ts";
import { maglev } from "../../core/ring/maglev.ts";
import type { Ring, VipConfig } from "../../core/state/types.ts";
import type { BpfProgram } from "../bpf_program.ts";
import { type BalancerSettings, defaultSettings } from "../default_settings.ts";
import { FEATURE_SETTINGS } from "../feature_settings.ts";
import { KernelDataplane } from "../kernel_dataplane.ts";
import { loadBalancer, PROGRAM } from "../load_balancer.ts";

/** Sizes of a balancer that is attached with none given. */
const MAX_VIPS = 512;
const MAX_REALS = 4096;

const DECAP_SETTINGS = { "decap-ipip": "decap_ipip", "decap-gue": "decap_gue" } as const;
const SETTINGS: Readonly<Record<BenchFeature, keyof BalancerSettings>> = {
  ...FEATURE_SETTINGS,
  ...DECAP_SETTINGS,
};

/** A ring by what it is made of: VIPs with equal reals have equal rings. */
const rings = new Map<string, Ring>();

/** The load balancer under test, loaded and set up, not attached. */
export class WeirTarget implements Disposable {
  readonly program: BpfProgram;
  /** From ELF file to verified program, ms. */
  readonly loadMs: number;
  readonly dataplane: KernelDataplane;
  readonly #open: DisposableStack;

  /**
   * @param object The ELF file, dist/bpf/lb.bpf.o.
   * @param world How it is loaded.
   * @param changeRing Makes another ring of a VIP, by its index, before it is written.
   * @throws {DataplaneError} When the kernel refuses.
   */
  constructor(
    object: Uint8Array,
    world: World,
    changeRing: (vip: number, ring: Ring) => Ring = (_, ring) => ring,
  ) {
    using open = new DisposableStack();
    const begin = performance.now();
    const loaded = open.use(loadBalancer({
      object,
      settings: settingsOf(world),
      capacity: { maxVips: MAX_VIPS, maxReals: MAX_REALS, maxFlows: world.maxFlows },
      host: {
        gateway_mac: parseMac(GATEWAY_MAC) ?? new Uint8Array(6),
        gue_source_v4: mustParse("10.0.13.37").bytes.slice(0, 4),
        gue_source_v6: mustParse("fc00:2307::1337").bytes,
      },
    }));
    this.loadMs = performance.now() - begin;
    this.dataplane = open.use(new KernelDataplane((name) => loaded.map(name)));
    this.program = open.use(loaded.program(PROGRAM));
    setUp(this.dataplane, changeRing);
    this.#open = open.move();
  }

  /** Counters by name, as `weir stats` shows them. */
  counters(): ReadonlyMap<string, bigint> {
    return this.dataplane.readSample().counters;
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

function settingsOf({ features, connRate }: World): BalancerSettings {
  const on = Object.fromEntries(features.map((feature) => [SETTINGS[feature], 1]));
  return defaultSettings({ conn_rate: connRate, ...on });
}

function setUp(
  dataplane: KernelDataplane,
  changeRing: (vip: number, ring: Ring) => Ring,
): void {
  const reals = benchReals();
  for (const [index, address] of reals) {
    const config = { address, name: "", local: false, encap: null };
    dataplane.write({ op: "real", index, config, downSomewhere: false });
  }
  const { maps } = dataplane;
  maps.rings.setAll(new Map(VIPS.map((vip, i) => [i, changeRing(i, ringOf(vip, reals))])));
  const rows = VIPS.map((vip, index) => ({ index, config: configOf(vip) }));
  dataplane.write({ op: "vip-table", vips: rows });
  for (const [id, real] of benchServerIds()) maps.serverIds.set(id, real);
  const prefix = parsePrefix(SOURCE_PREFIX.prefix);
  if (prefix !== null) maps.sources.set(prefix, SOURCE_PREFIX.real);
  maps.decapDestinations.set(mustParse(DECAP_ADDRESS), 0);
}

function configOf(vip: BenchVip): VipConfig {
  const address = mustParse(vip.address);
  return {
    address,
    prefixLength: address.family === 4 ? 32 : 128,
    port: vip.port,
    protocol: vip.protocol,
    name: "",
    flags: vip.flags ?? [],
    affinity: vip.affinity ?? "default",
    encap: vip.encap ?? "ipip",
    ringHash: "maglev-v2",
  };
}

function ringOf(vip: BenchVip, reals: ReadonlyMap<number, Address>): Ring {
  const unstable = vip.unstable ?? false;
  const key = `${vip.reals} ${unstable}`;
  const known = rings.get(key);
  if (known !== undefined) return known;
  const members = realsOf(vip.reals).flatMap((real) => {
    const address = reals.get(real);
    return address === undefined ? [] : [{ real, address, weight: 1 }];
  });
  const stable = maglev(members, "maglev-v2");
  const slots = unstable ? stable.map((real) => real | SLOT_UNSTABLE) : stable;
  const ring = { slots, prev: new Uint16Array(RING_SIZE), changedAt: 0, generation: 1 };
  rings.set(key, ring);
  return ring;
}

function mustParse(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new SyntaxError(`Cannot read "${text}" as an address`);
  return address;
}
