import type { Address } from "../core/addr/types.ts";
import type { BenchReport } from "../core/bench/report.ts";
import type { Dataplane } from "../core/dataplane.ts";
import type { Settings } from "../core/config/settings.ts";
import type { BalancerConfig } from "../core/config/types.ts";
import type { Feature } from "../core/state/words.ts";

/** A stream that text goes to. */
export interface Output {
  /** Never throws. */
  write(text: string): void;
  /** Whether a write failed: nobody reads any more. */
  readonly failed?: boolean;
}

/** The terminal behind stdout. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Characters. */
  readonly columns: number;
  readonly rows: number;
}

/** Time, as commands see it. */
export interface Clock {
  /** Unix time, ms. */
  now(): number;
  /** Waits; ends early when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How a balancer is to be attached. */
export interface AttachRequest {
  readonly balancer: string;
  readonly ifname: string;
  readonly config: BalancerConfig;
  readonly features: readonly Feature[];
  /** A real, to find the next hop on the way to it; null: the default route. */
  readonly towards: Address | null;
  /** Take the place of a program that is there. */
  readonly replace: boolean;
  /** Run in a slot of another program's chain; null: on the interface. */
  readonly chain: { readonly path: string; readonly slot: number } | null;
}

/** What is to change about an attached balancer. */
export interface UpgradeRequest {
  readonly balancer: string;
  /** Features to have beside those it has. */
  readonly features: readonly Feature[];
  /**
   * Settings to change; the others stay. None of them is a fixed one (core/config/settings.ts). The
   * next hop may be `auto`.
   */
  readonly settings: Partial<Settings>;
}

/** The program that the last upgrade or rollback replaced. */
export interface PreviousProgram {
  /** Version of the weir that loaded it. */
  readonly version: string;
  readonly features: readonly Feature[];
}

/** A balancer as it is attached. */
export interface Attachment {
  readonly balancer: string;
  readonly ifname: string;
  /** native, generic, offload, or that it is chained. */
  readonly mode: string;
  /** Next hop of every packet sent, as text. */
  readonly gatewayMac: string;
  /** Whether the next hop was found by route and neighbour, not given. */
  readonly gatewayAuto: boolean;
  /** Version of weir that attached it. */
  readonly version: string;
  /** Unix time, s. */
  readonly attachedAt: number;
  readonly features: readonly Feature[];
  readonly settings: Settings;
  /** Id of the XDP program in the kernel; null: it is not on the interface. */
  readonly programId: number | null;
}

/** A balancer's interface, and who is behind it. */
export interface LinkReport {
  /** Switched on. */
  readonly up: boolean;
  /** Plugged in. */
  readonly carrier: boolean;
  /** Bytes. */
  readonly mtu: number;
  /** Like `veth`; null: a device of its own. */
  readonly kind: string | null;
  /** Next hops whose MAC the kernel knows: towards a real, then by the default route. */
  readonly hops: readonly { readonly address: Address; readonly mac: string }[];
  /** MACs of all neighbours. */
  readonly neighbours: readonly string[];
}

/** A balancer that was attached just now. */
export interface AttachResult extends Attachment {
  /** Why mode auto chose generic; null if it did not. */
  readonly fallback: string | null;
  /** Name of the program that gave way; null: none. */
  readonly replaced: string | null;
}

/** How the decapsulation program is attached to a real. */
export interface DecapRequest {
  readonly ifname: string;
  readonly mode: "native" | "generic" | "auto";
  readonly ipip: boolean;
  readonly gue: boolean;
  /** UDP port of GUE. */
  readonly guePort: number;
  /** Strip whatever the outer destination is, not only addresses of this host. */
  readonly anyDestination: boolean;
  /** Of this real for TCP server-id routing; 0: none. */
  readonly serverId: number;
  /** Count what comes out of tunnels by VIP. */
  readonly perVip: boolean;
}

/** What the decapsulation program has counted. */
export interface DecapStats {
  /** By the names of `struct decap_counters`. */
  readonly counters: ReadonlyMap<string, bigint>;
  readonly vips: readonly {
    readonly vip: string;
    readonly packets: bigint;
    readonly bytes: bigint;
  }[];
}

/** What to measure. */
export interface BenchRequest {
  /** Names of packet classes; none: all. */
  readonly classes: readonly string[];
  readonly quick: boolean;
  /** Told what is measured next. */
  readonly onProgress: (text: string) => void;
}

/** The decapsulation program on reals. */
export interface DecapHost {
  /** @returns the mode it is attached in */
  attach(request: DecapRequest): Promise<string>;
  detach(ifname: string): Promise<void>;
  stats(ifname: string): Promise<DecapStats>;
}

/** How the health-check program is attached. */
export interface ProbeRequest {
  readonly ifname: string;
  /** `auto`, or six bytes as text. */
  readonly gatewayMac: string;
  /** UDP port of GUE. */
  readonly guePort: number;
  readonly ttl: number;
  /** Longest frame of a check, bytes; 0: no limit. */
  readonly maxPacket: number;
  /** `ipip external` device that builds the outer header; absent: weir builds it. */
  readonly tunnelV4?: string;
  /** The same for IPv6 reals, `ip6tnl external`. */
  readonly tunnelV6?: string;
}

/** The health-check program as it is attached. */
export interface ProbeAttachment {
  readonly ifname: string;
  readonly gatewayMac: string;
  /** Outer sources; null: checks of reals of that family come from no address. */
  readonly sourceV4: Address | null;
  readonly sourceV6: Address | null;
}

/** Where packets with a mark go. */
export interface ProbeMark {
  readonly mark: number;
  readonly real: Address;
  readonly encap: "ipip" | "gue";
}

/** The health-check program on balancers. */
export interface ProbeHost {
  attach(request: ProbeRequest): Promise<ProbeAttachment>;
  detach(ifname: string): Promise<void>;
  /** Counters by the names of `struct probe_counters`. */
  stats(ifname: string): Promise<ReadonlyMap<string, bigint>>;
  /** @param real null: packets with the mark leave as they are */
  setMark(ifname: string, mark: number, real: Address | null, gue: boolean): Promise<void>;
  /** All marks, ascending. */
  marks(ifname: string): Promise<readonly ProbeMark[]>;
}

/** A packet that the data plane thought worth looking at. */
export interface PacketSample {
  /** unknown-flow, too-big, unknown-server. */
  readonly kind: string;
  /** Length of the whole frame. */
  readonly frameBytes: number;
  /** The first bytes of the frame. */
  readonly bytes: Uint8Array;
}

/** Events of a balancer, which emits them until this is disposed. */
export interface EventSource extends Disposable {
  /** Bytes of a frame that an event keeps. */
  readonly snapLength: number;
  /** Takes what has come; does not wait. */
  read(): readonly PacketSample[];
  /** Events that found no room. */
  lost(): bigint;
}

/** A file that is being written. */
export interface ByteSink extends Disposable {
  write(bytes: Uint8Array): void;
}

/**
 * Everything outside the process that commands reach: streams, clock, files, kernel. deno_host.ts is
 * the real one; tests bring their own.
 */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: Clock;
  readonly decap: DecapHost;
  readonly probe: ProbeHost;
  env(name: string): string | undefined;
  screen(): Screen;
  /** Fires when the user interrupts the command. */
  interrupted(): AbortSignal;
  userId(): number | null;
  /** A question that yes or no answers; null if there is nobody to ask. */
  ask(question: string): boolean | null;
  /** Content of a file; `-` is stdin. */
  readTextFile(path: string): Promise<string>;
  /** Creates a file, or empties the one that is there. */
  createFile(path: string): Promise<ByteSink>;
  /** Lets an attached balancer emit events. */
  events(balancer: string): Promise<EventSource>;
  /**
   * Keeps other commands from changing the balancer until disposed.
   *
   * @param command what to tell them
   * @param onWait called once with who holds the lock, if this command has to wait
   */
  lock(balancer: string, command: string, onWait: (holder: string) => void): Promise<Disposable>;
  /** @returns null if there is no such balancer */
  openDataplane(balancer: string): Promise<Dataplane | null>;
  /** Names of the balancers of this host, in order. */
  balancers(): Promise<readonly string[]>;
  /** @returns null if there is no such balancer */
  describe(balancer: string): Promise<Attachment | null>;
  /**
   * Looks at a balancer's interface; nothing is sent.
   *
   * @param towards a real, to look for the next hop on the way to it as well
   * @returns null if the interface is not in this network namespace
   */
  inspectLink(balancer: string, towards: Address | null): Promise<LinkReport | null>;
  attach(request: AttachRequest): Promise<AttachResult>;
  detach(balancer: string): Promise<void>;
  /** Replaces the program by this version's, and keeps everything else. */
  upgrade(request: UpgradeRequest): Promise<Attachment>;
  /** Measures what packets cost; nothing is attached. */
  bench(request: BenchRequest): Promise<BenchReport>;
  /** @returns null if there is no such balancer, or its program was never replaced */
  previous(balancer: string): Promise<PreviousProgram | null>;
  /** Goes back to the previous program, and keeps everything else. */
  rollback(balancer: string): Promise<Attachment>;
}
