import { unusableKind } from "../addr/address_kind.ts";
import { parseAddress } from "../addr/parse_address.ts";
import type { Address } from "../addr/types.ts";
import type { BalancerConfig } from "../config/types.ts";
import type {
  DesiredMember,
  DesiredServer,
  DesiredVip,
  Protocol,
  RealConfig,
  VipConfig,
  VipFlag,
} from "../state/types.ts";
import { unusableReal, unusableVip } from "../state/unusable_address.ts";
import { parseVipEndpoint, vipKeyText } from "../state/vip_key.ts";
import { flagProtocol } from "../state/words.ts";
import type { Imported, ImportNote } from "./types.ts";

/** A VIP that takes shape line by line. */
export interface DraftVip {
  config: VipConfig;
  readonly members: Map<string, DesiredMember>;
}

/** Weights that fit (types.ts of core/state). */
const MOST = 65535;

/** A configuration that takes shape line by line, with notes on what does not fit. */
export class Draft {
  readonly vips = new Map<string, DraftVip>();
  readonly servers = new Map<number, DesiredServer>();
  balancer: BalancerConfig = {};
  /** The line that is read. */
  line = 0;
  readonly #notes: ImportNote[] = [];

  /** Says what has no equivalent in the line that is read; once for each line. */
  note(message: string): void {
    const { line } = this;
    if (this.#notes.some((note) => note.line === line && note.message === message)) return;
    this.#notes.push({ line, message });
  }

  /**
   * Finds a VIP or adds it.
   *
   * @param endpoint `198.51.100.10:80`; port 0 means every port
   * @returns null, with a note, if that is no endpoint
   */
  vip(protocol: Protocol, endpoint: string): DraftVip | null {
    const parsed = parseVipEndpoint(endpoint);
    if (parsed === null) {
      this.note(`"${endpoint}" is no address with a port: left out`);
      return null;
    }
    const config: VipConfig = {
      ...parsed,
      ...{ protocol, name: "", flags: [], affinity: "default", encap: "ipip" },
      ringHash: "maglev-v2",
    };
    const unusable = unusableVip(config);
    if (unusable !== null) {
      this.note(`VIP "${endpoint}" ${unusable}: left out`);
      return null;
    }
    const key = vipKeyText(config);
    const vip = this.vips.get(key) ?? { config, members: new Map() };
    this.vips.set(key, vip);
    return vip;
  }

  /** Gives a VIP a flag, or says why not. */
  flag(vip: DraftVip, flag: VipFlag): void {
    const wanted = flagProtocol(flag);
    if (wanted !== null && wanted !== vip.config.protocol) {
      this.note(`flag "${flag}" needs protocol ${wanted}: left out`);
    } else if (!vip.config.flags.includes(flag)) {
      vip.config = { ...vip.config, flags: [...vip.config.flags, flag] };
    }
  }

  /** Reads the address of a real; null, with a note, if it is none. */
  address(text: string): Address | null {
    const address = parseAddress(text.replace(/^\[(.*)\]$/, "$1"));
    if (address !== null && unusableKind(address) === null) return address;
    this.note(`"${text}" is no address of a real: left out`);
    return null;
  }

  /** Adds a real to a VIP, or changes it. */
  real(
    vip: DraftVip,
    address: Address,
    weight: number,
    settings: Partial<RealConfig> = {},
  ): void {
    if (weight > MOST) this.note(`weight ${weight} becomes ${MOST}, the largest`);
    const real = { address, name: "", local: false, encap: null, ...settings };
    const unusable = unusableReal(real, vip.config);
    if (unusable !== null) return this.note(`real "${address.text}" ${unusable}: left out`);
    vip.members.set(address.text, { real, weight: Math.min(weight, MOST), state: null });
  }

  /** What took shape; a real's settings are the same in all its VIPs, those of the last line. */
  finish(): Imported {
    const reals = new Map<string, RealConfig>();
    for (const { members } of this.vips.values()) {
      for (const { real } of members.values()) reals.set(real.address.text, real);
    }
    const settled = (member: DesiredMember) => ({
      ...member,
      real: reals.get(member.real.address.text) ?? member.real,
    });
    const vips = [...this.vips.values()].map(({ config, members }): DesiredVip => ({
      config,
      members: [...members.values()].map(settled),
    }));
    const servers = [...this.servers.values()].map((server) => ({
      ...server,
      real: reals.get(server.real.address.text) ?? server.real,
    }));
    const tables = { servers, sources: [], destinations: [] };
    const desired = servers.length === 0 ? { vips } : { vips, tables };
    const notes = this.#notes.toSorted((a, b) => a.line - b.line);
    return { config: { balancer: this.balancer, desired }, notes };
  }
}

/**
 * Splits a line into words as a shell does: quotes keep spaces, a comment ends the line.
 *
 * @param line one line
 */
export function shellWords(line: string): readonly string[] {
  const words = line.match(/"[^"]*"|'[^']*'|#.*|[^\s"'#]\S*/g) ?? [];
  return words.filter((word) => !word.startsWith("#")).map((word) =>
    word.replace(/^(["'])(.*)\1$/, "$2")
  );
}
