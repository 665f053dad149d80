import * as abi from "./abi.gen.ts";
import { BpfObject } from "./bpf_object.ts";
import { BPFFS, mountBpffs } from "./bpffs.ts";
import { encode } from "./codec.ts";
import { DataplaneError } from "./errors.ts";
import { interfaceIndex } from "./interfaces.ts";
import { ProbeRealsMap } from "./maps/probe_reals.ts";
import { sumOverCpus } from "./maps/sum_over_cpus.ts";
import { PinDirectory } from "./pin_directory.ts";
import { attachEgress, detachEgress, queryEgress } from "./tc_egress.ts";

/** How the health-check program is attached. */
export interface ProbeOptions {
  /** The interface that checks would leave by if nobody took them. */
  readonly ifname: string;
  /** The ELF file, dist/bpf/probe.bpf.o. */
  readonly object: Uint8Array;
  readonly settings: Omit<abi.ProbeSettings, "abi_version">;
  readonly host: abi.ProbeHost;
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

const PROGRAM = "weir_probe";

/**
 * Attaches the health-check program: what carries the mark of a real leaves encapsulated to it.
 *
 * @param options What and where.
 * @throws {DataplaneError} When it is attached there already, or the kernel refuses.
 */
export function attachProbe(options: ProbeOptions): void {
  mountBpffs(options.bpffs);
  const ifindex = interfaceIndex(options.ifname);
  if (queryEgress(ifindex) !== null) {
    throw new DataplaneError({
      action: "attach health checks to",
      object: options.ifname,
      errno: null,
      reason: "they are attached there",
      hint: "detach them first",
    });
  }
  const pins = pinsOf(ifindex, options.bpffs);
  pins.remove();
  using object = loadProbe(options);
  using undo = new DisposableStack();
  undo.defer(() => pins.remove());
  pins.pinObject(object, PROGRAM);
  using program = object.program(PROGRAM);
  attachEgress(program, ifindex);
  undo.move();
}

/**
 * Loads the health-check program. Nothing is attached or pinned.
 *
 * @param options Program, settings and host.
 * @returns The loaded object.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function loadProbe(
  { object, settings, host }: Pick<ProbeOptions, "object" | "settings" | "host">,
): BpfObject {
  using guard = new DisposableStack();
  const loaded = guard.use(BpfObject.open("probe", object));
  const value = encode(abi.ProbeSettings, { ...settings, abi_version: abi.WEIR_ABI_VERSION });
  loaded.setVariable(".rodata", "probe_settings", value);
  loaded.setVariable(".data.probe_host", "probe_host", encode(abi.ProbeHost, host));
  loaded.load();
  guard.move();
  return loaded;
}

/**
 * Takes the health-check program off.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When it is not attached there.
 */
export function detachProbe(ifname: string, bpffs?: string): void {
  const pins = requirePins(ifname, bpffs);
  detachEgress(interfaceIndex(ifname));
  pins.remove();
}

/**
 * Says where packets of a mark go.
 *
 * @param ifname The interface.
 * @param mark SO_MARK of a checker's socket, from 1.
 * @param real The real; null: nowhere.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When it is not attached there, or the map is full.
 */
export function setProbeReal(
  ifname: string,
  mark: number,
  real: abi.ProbeReal | null,
  bpffs?: string,
): void {
  using map = requirePins(ifname, bpffs).openMap("probe_reals");
  new ProbeRealsMap(map).set(mark, real);
}

/**
 * Reads the counters of the health-check program.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @returns Sums over CPUs by the names of struct probe_counters.
 * @throws {DataplaneError} When it is not attached there.
 */
export function readProbeCounters(ifname: string, bpffs?: string): ReadonlyMap<string, bigint> {
  using map = requirePins(ifname, bpffs).openMap("probe_counters");
  return sumOverCpus(map, 0, abi.ProbeCounters).scalars;
}

/**
 * Lists the marks.
 *
 * @param ifname The interface.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @returns Marks, ascending, with their reals.
 * @throws {DataplaneError} When it is not attached there.
 */
export function listProbeReals(
  ifname: string,
  bpffs?: string,
): readonly (readonly [number, abi.ProbeReal])[] {
  using map = requirePins(ifname, bpffs).openMap("probe_reals");
  return [...new ProbeRealsMap(map).entries()].sort(([a], [b]) => a - b);
}

/** By network namespace: indices repeat in others. */
function pinsOf(ifindex: number, bpffs: string = BPFFS): PinDirectory {
  const namespace = Deno.statSync("/proc/self/ns/net").ino;
  return new PinDirectory(`${bpffs}/weir-probe`, `${namespace}-${ifindex}`);
}

function requirePins(ifname: string, bpffs?: string): PinDirectory {
  const ifindex = interfaceIndex(ifname);
  if (queryEgress(ifindex) !== null) return pinsOf(ifindex, bpffs);
  throw new DataplaneError({
    action: "find health checks on",
    object: ifname,
    errno: null,
    reason: "they are not attached there",
    hint: null,
  });
}
