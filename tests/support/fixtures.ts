import { parseMac } from "../../core/addr/parse_mac.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { parsePrefix } from "../../core/addr/parse_prefix.ts";
import type { Protocol, VipConfig, VipFlag, VipKey } from "../../core/state/types.ts";
import type { BalancerSettings } from "../../ffi/default_settings.ts";
import type { HostConfig } from "../../ffi/load_balancer.ts";
import { DecapFlag, EchoMode } from "../../ffi/abi.gen.ts";
import type { VipOptions } from "./balancer_setup.ts";
import type { PacketRun, Verdict } from "./packet_run.ts";

/** Directory of the suites; beside the repository, and not part of it. */
const DIRECTORY = new URL("../../../shared/fixtures/", import.meta.url).pathname;

interface FixtureVip {
  readonly address: string;
  readonly port: number;
  readonly proto: number;
  readonly cidr_prefix_len?: number;
}

/** One call of a suite's set-up; which fields are there depends on `op`. */
export interface FixtureOp {
  readonly op: string;
  readonly vip?: FixtureVip;
  readonly real?: { readonly address: string; readonly weight: number };
  readonly flags?: number;
  readonly set?: boolean;
  readonly address?: string;
  readonly real_index?: number;
  readonly srcs?: readonly string[];
  readonly dst?: string;
  readonly action?: string;
  readonly mappings?: readonly { readonly address: string; readonly id: number }[];
  /** false: katran refused, the feature is not compiled in. */
  readonly result: unknown;
}

/** A frame in and what comes out. */
export interface FixtureCase {
  readonly seq: number;
  readonly summary: string;
  readonly input_b64: string;
  readonly action: string;
  readonly output_b64: string;
  readonly verified: boolean;
  readonly skb_ctx?: { readonly mark: number };
}

/** One file of frames with the set-up they need. */
export interface FixtureSuite {
  readonly suite: string;
  readonly settings: readonly string[];
  readonly constants: Readonly<Record<string, number>> | null;
  readonly env: Readonly<Record<string, string>>;
  readonly order_dependent_cases: readonly number[];
  readonly setup: readonly FixtureOp[];
  readonly mutations: readonly {
    readonly before_seq: number;
    readonly ops: readonly FixtureOp[];
  }[];
  readonly cases: readonly FixtureCase[];
  readonly decap_server_id?: number;
}

/** What katran's verdicts are called here. */
export const FIXTURE_VERDICTS: Readonly<Record<string, Verdict>> = {
  XDP_TX: "sent",
  XDP_PASS: "passed",
  XDP_DROP: "dropped",
};

/** katran's flag bits; 2, no LRU, is an affinity of ours. */
const FLAGS: readonly (readonly [number, VipFlag])[] = [
  [1, "no-source-port"],
  [4, "quic"],
  [8, "dport-hash"],
  [16, "source-routing"],
  [32, "local"],
  [64, "global-flows"],
  [128, "hash-src-dst-port"],
  [256, "udp-stable"],
  [512, "udp-migration"],
];
const NO_LRU = 2;
const LOCAL_REAL = 2;

/**
 * Reads a suite.
 *
 * @param name Name of the file without `.json`.
 * @returns The suite, or null where the data is not there.
 */
export function readFixtures(name: string): FixtureSuite | null {
  try {
    return JSON.parse(Deno.readTextFileSync(`${DIRECTORY}${name}.json`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * The settings that make weir do what katran did when the suite was recorded.
 *
 * @param suite The suite.
 * @returns Settings for `PacketRun.load`.
 */
export function fixtureSettings({ settings, constants }: FixtureSuite): Partial<BalancerSettings> {
  const on = (name: string) => settings.includes(`-D${name}`) ? 1 : 0;
  return {
    compat_katran: 1,
    echo: EchoMode.ECHO_ANY,
    quic: 1,
    udp_migration: 1,
    gue_port: constants?.["GUE_DPORT"] ?? 6080,
    max_frame: constants?.["MAX_PCKT_SIZE"] ?? 1514,
    ttl: constants?.["DEFAULT_TTL"] ?? 64,
    gue: on("GUE_ENCAP"),
    too_big: on("ICMP_TOOBIG_GENERATION"),
    sources: on("LPM_SRC_LOOKUP"),
    cidr: on("CIDR_VIP"),
    tcp_server_id: on("TCP_SERVER_ID_ROUTING"),
    udp_stable: on("UDP_STABLE_ROUTING"),
    global_flows: on("GLOBAL_LRU_LOOKUP"),
    local: on("LOCAL_DELIVERY_OPTIMIZATION"),
    decap_ipip: on("INLINE_DECAP_IPIP"),
    decap_gue: on("INLINE_DECAP_GUE"),
  };
}

/**
 * The next hop and addresses of the suite.
 *
 * @param suite The suite.
 * @returns Host configuration for `PacketRun.load`.
 */
export function fixtureHost({ env }: FixtureSuite): HostConfig {
  const bytes = (name: string, size: number) =>
    parseAddress(env[name] ?? "::")?.bytes.slice(0, size) ?? new Uint8Array(size);
  return {
    gateway_mac: parseMac(env["default_mac"] ?? "") ?? new Uint8Array(6),
    gue_source_v4: bytes("katran_src_v4", 4),
    gue_source_v6: bytes("katran_src_v6", 16),
  };
}

/** Carries out the calls of a suite on a balancer. */
export class FixtureSetup {
  readonly #run: PacketRun;
  readonly #suite: FixtureSuite;
  /** katran's flags by key of the VIP. */
  readonly #flags = new Map<string, number>();

  /**
   * @param run A balancer loaded with the suite's settings and host.
   * @param suite The suite.
   */
  constructor(run: PacketRun, suite: FixtureSuite) {
    this.#run = run;
    this.#suite = suite;
    // A strict katran takes packets to its own addresses apart without being told.
    if (!suite.settings.includes("-DDECAP_STRICT_DESTINATION")) return;
    for (const name of ["katran_src_v4", "katran_src_v6"]) {
      const address = parseAddress(suite.env[name] ?? "");
      if (address !== null) run.dataplane.maps.decapDestinations.set(address, DecapFlag.DECAP_PASS);
    }
  }

  /**
   * Carries out calls and makes packets see them.
   *
   * @param ops `suite.setup` or those of a mutation.
   */
  apply(ops: readonly FixtureOp[]): void {
    for (const op of ops) if (op.result !== false) this.#apply(op);
    this.#run.setup.commit();
  }

  #apply(op: FixtureOp): void {
    const { setup, dataplane: { maps } } = this.#run;
    switch (op.op) {
      case "add_vip":
        return void setup.addVip({ ...this.#options(op), ...this.#config(op, op.flags ?? 0) });
      case "modify_vip": {
        const before = this.#flags.get(JSON.stringify(op.vip)) ?? 0;
        const bits = op.flags ?? 0;
        const flags = op.set === false ? before & ~bits : before | bits;
        return setup.changeVip(this.#key(op), this.#config(op, flags));
      }
      case "add_real":
        return void setup.setWeight(this.#key(op), op.real?.address ?? "", op.real?.weight ?? 0);
      case "del_real":
        return void setup.setWeight(this.#key(op), op.real?.address ?? "", null);
      case "modify_real": {
        const local = op.set !== false && ((op.flags ?? 0) & LOCAL_REAL) !== 0;
        return void setup.real(op.address ?? "", { local });
      }
      case "add_down_real":
        return setup.markDown(this.#key(op), op.real_index ?? 0);
      case "modify_quic_reals_mapping":
        for (const { id, address } of op.mappings ?? []) {
          maps.serverIds.set(id, op.action === "DEL" ? null : setup.real(address));
        }
        return;
      case "add_src_routing_rule":
        for (const source of op.srcs ?? []) {
          const prefix = parsePrefix(source);
          if (prefix === null) throw new Error(`Cannot read "${source}" as a prefix`);
          maps.sources.set(prefix, setup.real(op.dst ?? ""));
        }
        return;
      case "add_inline_decap_dst": {
        const address = parseAddress(op.address ?? "");
        if (address === null) throw new Error(`Cannot read "${op.address}" as an address`);
        return maps.decapDestinations.set(address, op.flags ?? 0);
      }
      case "add_healthchecker_dst":
        return;
      default:
        throw new Error(`Cannot carry out "${op.op}"`);
    }
  }

  /** Flags, affinity and encapsulation that stand for katran's flags and build. */
  #config(
    op: FixtureOp,
    flags: number,
  ): Pick<VipConfig, "flags" | "affinity" | "encap"> {
    this.#flags.set(JSON.stringify(op.vip), flags);
    const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
    const serverId: readonly VipFlag[] =
      this.#suite.settings.includes("-DTCP_SERVER_ID_ROUTING") && op.vip?.proto === 6
        ? ["tcp-server-id"]
        : [];
    return {
      flags: [...names, ...serverId],
      affinity: (flags & NO_LRU) !== 0 ? "none" : "always",
      encap: this.#suite.settings.includes("-DGUE_ENCAP") ? "gue" : "ipip",
    };
  }

  #key(op: FixtureOp): VipKey {
    return this.#run.setup.key(this.#options(op));
  }

  #options({ op, vip }: FixtureOp): VipOptions {
    if (vip === undefined) throw new Error(`Cannot carry out "${op}" without a VIP`);
    const protocol: Protocol = vip.proto === 6 ? "tcp" : "udp";
    const prefix = (vip.cidr_prefix_len ?? 0) === 0 ? {} : { prefixLength: vip.cidr_prefix_len };
    return { address: vip.address, port: vip.port, protocol, ...prefix } as VipOptions;
  }
}
