import { addressFromBytes } from "../core/addr/address_from_bytes.ts";
import { formatEndpoint } from "../core/addr/format_endpoint.ts";
import type { Address } from "../core/addr/types.ts";
import * as abi from "./abi.gen.ts";
import { type Attached, attachXdp, freeInterface, type WantedMode } from "./attach_xdp.ts";
import { BpfObject } from "./bpf_object.ts";
import { BPFFS, mountBpffs } from "./bpffs.ts";
import { decode, encode } from "./codec.ts";
import { DataplaneError } from "./errors.ts";
import { interfaceIndex } from "./interfaces.ts";
import { structsIn, sumOverCpus } from "./maps/sum_over_cpus.ts";
import { DecapAddressesMap } from "./maps/decap_addresses.ts";
import { PinDirectory } from "./pin_directory.ts";

/** How the decapsulation program is attached to a real. */
export interface DecapOptions {
  readonly ifname: string;
  readonly mode: WantedMode;
  /** The ELF file, dist/bpf/decap.bpf.o. */
  readonly object: Uint8Array;
  readonly settings: Omit<abi.DecapSettings, "abi_version">;
  /** Outer destinations that are this host's. */
  readonly addresses: readonly Address[];
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

/** What came out of tunnels for one VIP. */
export interface DecapVip {
  /** `tcp 198.51.100.10:80` */
  readonly vip: string;
  readonly packets: bigint;
  /** IPv4: total length, IPv6: payload length. */
  readonly bytes: bigint;
}

const PROGRAM = "weir_decap";
const IPPROTO_TCP = 6;

/**
 * Attaches the decapsulation program: tunnel packets to this host go up the stack without their
 * outer header. There is one for each interface.
 *
 * @param options What and where.
 * @returns How it was attached.
 * @throws {DataplaneError} When the interface is taken, or the kernel refuses.
 */
export function attachDecap(options: DecapOptions): Attached {
  mountBpffs(options.bpffs);
  const ifindex = freeInterface(options.ifname, options.bpffs);
  const pins = pinsOf(ifindex, options.bpffs);
  pins.remove();
  using object = loadDecap(options);
  using undo = new DisposableStack();
  undo.defer(() => pins.remove());
  pins.pinObject(object, PROGRAM);
  using program = object.program(PROGRAM);
  using attached = attachXdp(program, ifindex, options.mode);
  pins.pinLink(attached.link);
  undo.move();
  return { ifindex, mode: attached.mode, fallback: attached.fallback };
}

/**
 * Loads the decapsulation program. Nothing is attached or pinned.
 *
 * @param options Program, settings and addresses.
 * @returns The loaded object.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function loadDecap(
  { object, settings, addresses }: Pick<DecapOptions, "object" | "settings" | "addresses">,
): BpfObject {
  using guard = new DisposableStack();
  const loaded = guard.use(BpfObject.open("decap", object));
  const value = encode(abi.DecapSettings, { ...settings, abi_version: abi.WEIR_ABI_VERSION });
  loaded.setVariable(".rodata", "decap_settings", value);
  loaded.load();
  using map = loaded.map("decap_addresses");
  new DecapAddressesMap(map).set(addresses);
  guard.move();
  return loaded;
}

/**
 * Takes the decapsulation program off.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When it is not attached there.
 */
export function detachDecap(ifname: string, bpffs?: string): void {
  const pins = requirePins(ifname, bpffs);
  {
    using link = pins.openLink();
    link.detach();
  }
  pins.remove();
}

/**
 * Changes the addresses that count as this host's.
 *
 * @param ifname The interface.
 * @param addresses All of them.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When it is not attached there.
 */
export function setDecapAddresses(
  ifname: string,
  addresses: readonly Address[],
  bpffs?: string,
): void {
  using map = requirePins(ifname, bpffs).openMap("decap_addresses");
  new DecapAddressesMap(map).set(addresses);
}

/**
 * Reads the counters of the decapsulation program.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @returns Sums over CPUs by the names of struct decap_counters.
 * @throws {DataplaneError} When it is not attached there.
 */
export function readDecapCounters(ifname: string, bpffs?: string): ReadonlyMap<string, bigint> {
  using map = requirePins(ifname, bpffs).openMap("decap_counters");
  return sumOverCpus(map, 0, abi.DecapCounters).scalars;
}

/**
 * Reads what came out of tunnels, by what clients talk to.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @returns One row a VIP, in order; none if it was attached without `per_vip`.
 * @throws {DataplaneError} When it is not attached there.
 */
export function readDecapVips(ifname: string, bpffs?: string): readonly DecapVip[] {
  using map = requirePins(ifname, bpffs).openMap("decap_vips");
  const rows = [...map.entries()].map(([key, value]): DecapVip => {
    const { addr, port, proto, family } = decode(abi.InnerVip, key);
    const each = [...structsIn(value, abi.Traffic)];
    const add = (field: "packets" | "bytes") => each.reduce((sum, cpu) => sum + cpu[field], 0n);
    return {
      vip: `${proto === IPPROTO_TCP ? "tcp" : "udp"} ${
        formatEndpoint(addressFromBytes(family === 6 ? 6 : 4, addr), port)
      }`,
      packets: add("packets"),
      bytes: add("bytes"),
    };
  });
  return rows.sort((a, b) => a.vip < b.vip ? -1 : 1);
}

/** By index, not by name: names may have dots. And by network namespace: indices repeat in others. */
function pinsOf(ifindex: number, bpffs: string = BPFFS): PinDirectory {
  const namespace = Deno.statSync("/proc/self/ns/net").ino;
  return new PinDirectory(`${bpffs}/weir-decap`, `${namespace}-${ifindex}`);
}

function requirePins(ifname: string, bpffs?: string): PinDirectory {
  const pins = pinsOf(interfaceIndex(ifname), bpffs);
  if (pins.exists()) return pins;
  throw new DataplaneError({
    action: "find the decapsulation program on",
    object: ifname,
    errno: null,
    reason: "it is not attached there",
    hint: null,
  });
}
