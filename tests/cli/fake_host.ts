import { FakeDataplane } from "../../core/fake_dataplane.ts";
import { CliError } from "../../cli/errors.ts";
import type {
  Attachment,
  AttachRequest,
  AttachResult,
  BenchRequest,
  ByteSink,
  DecapRequest,
  EventSource,
  Host,
  LinkReport,
  PacketSample,
  ProbeMark,
  ProbeRequest,
  Screen,
  UpgradeRequest,
} from "../../cli/host.ts";
import { settingsOf } from "../../cli/kernel_settings.ts";
import type { Address } from "../../core/addr/types.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { pickSettings, type Settings } from "../../core/config/settings.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import type { BenchReport } from "../../core/bench/report.ts";
import { BENCH_REPORT } from "./bench_report.ts";
import { FEATURES } from "../../core/state/words.ts";

/** Settings of a balancer whose interface has an IPv4 address, and no IPv6 one. */
const SETTINGS: Settings = {
  ...settingsOf(defaultSettings(), {
    gateway_mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
    gue_source_v4: new Uint8Array(4),
    gue_source_v6: new Uint8Array(16),
  }),
  gueSourceV4: parseAddress("192.0.2.1"),
};

/** What is written to it, piece by piece. */
export class Sink {
  text = "";
  write(text: string): void {
    this.text += text;
  }
}

/** A host in memory that a test sets up and looks into. */
export class FakeHost implements Host {
  readonly stdout = new Sink();
  readonly stderr = new Sink();
  readonly files = new Map<string, string>();
  readonly variables = new Map<string, string>();
  readonly dataplanes = new Map<string, FakeDataplane>();
  readonly attachments = new Map<string, Attachment>();
  readonly replaced = new Map<string, Attachment>();
  readonly strippers = new Map<string, DecapRequest>();
  readonly probes = new Map<string, Map<number, ProbeMark>>();
  /** Hexadecimal content by path. */
  readonly written = new Map<string, string>();
  samples: PacketSample[] = [];
  readonly locks: string[] = [];
  uid: number | null = 0;
  terminal: Screen = { isTerminal: false, columns: 80, rows: 24 };
  /** The interface of every balancer. */
  link: LinkReport = {
    ...{ up: true, carrier: true, mtu: 9000, kind: null },
    ...{ hops: [], neighbours: [] },
  };
  /** Who holds the lock that the next command waits for. */
  holder: string | null = null;
  /** What the user answers; null: there is none. */
  answer: boolean | null = null;
  /** Unix time, ms. */
  time = Date.UTC(2026, 10, 22, 20, 17, 3);
  /** Called whenever a command sleeps. */
  onSleep: (ms: number) => void = () => {};
  /** Why the driver cannot do native XDP; null: it can. */
  fallback: string | null = null;
  readonly controller = new AbortController();

  readonly clock = {
    now: () => this.time,
    sleep: (ms: number) => {
      this.time += ms;
      this.onSleep(ms);
      return Promise.resolve();
    },
  };

  readonly decap = {
    attach: (request: DecapRequest) => {
      this.strippers.set(request.ifname, request);
      return Promise.resolve(request.mode === "auto" ? "native" : request.mode);
    },
    detach: (ifname: string) => {
      if (this.strippers.delete(ifname)) return Promise.resolve();
      return Promise.reject(new CliError(`No program of weir is on "${ifname}"`));
    },
    stats: () =>
      Promise.resolve({
        counters: new Map([["ipip_v4", 1234n], ["malformed", 0n]]),
        vips: [{ vip: "tcp 198.51.100.10:80", packets: 1234n, bytes: 98765n }],
      }),
  };

  readonly probe = {
    attach: (request: ProbeRequest) => {
      this.probes.set(request.ifname, new Map());
      const gatewayMac = request.gatewayMac === "auto" ? SETTINGS.gatewayMac : request.gatewayMac;
      const { gueSourceV4: sourceV4 } = SETTINGS;
      return Promise.resolve({ ifname: request.ifname, gatewayMac, sourceV4, sourceV6: null });
    },
    detach: (ifname: string) => {
      if (this.probes.delete(ifname)) return Promise.resolve();
      return Promise.reject(new CliError(`No health checks on "${ifname}"`));
    },
    stats: () => Promise.resolve(new Map([["sent", 12n], ["skipped", 0n]])),
    setMark: (ifname: string, mark: number, real: Address | null, gue: boolean) => {
      const marks = this.probes.get(ifname);
      if (real === null) marks?.delete(mark);
      else marks?.set(mark, { mark, real, encap: gue ? "gue" : "ipip" });
      return Promise.resolve();
    },
    marks: (ifname: string) => Promise.resolve([...this.probes.get(ifname)?.values() ?? []]),
  };

  env(name: string): string | undefined {
    return this.variables.get(name);
  }

  screen(): Screen {
    return this.terminal;
  }

  interrupted(): AbortSignal {
    return this.controller.signal;
  }

  ask(question: string): boolean | null {
    if (this.answer !== null) this.stdout.write(`${question} [y/N] ${this.answer ? "y" : "n"}\n`);
    return this.answer;
  }

  userId(): number | null {
    return this.uid;
  }

  readTextFile(path: string): Promise<string> {
    const text = this.files.get(path);
    if (text !== undefined) return Promise.resolve(text);
    return Promise.reject(new Error("No such file or directory (os error 2)"));
  }

  createFile(path: string): Promise<ByteSink> {
    if (path.includes("missing")) return Promise.reject(new CliError(`Cannot create "${path}"`));
    this.written.set(path, "");
    return Promise.resolve({
      write: (bytes) => void this.written.set(path, this.written.get(path) + bytes.toHex()),
      [Symbol.dispose]: () => {},
    });
  }

  events(): Promise<EventSource> {
    return Promise.resolve({
      snapLength: 128,
      read: () => this.samples.splice(0),
      lost: () => 3n,
      [Symbol.dispose]: () => {},
    });
  }

  lock(balancer: string, command: string, onWait: (holder: string) => void): Promise<Disposable> {
    this.locks.push(`${balancer}: ${command}`);
    if (this.holder !== null) onWait(this.holder);
    this.holder = null;
    return Promise.resolve({ [Symbol.dispose]: () => {} });
  }

  openDataplane(balancer: string): Promise<FakeDataplane | null> {
    return Promise.resolve(this.dataplanes.get(balancer) ?? null);
  }

  balancers(): Promise<readonly string[]> {
    return Promise.resolve([...this.attachments.keys()].sort());
  }

  describe(balancer: string): Promise<Attachment | null> {
    return Promise.resolve(this.attachments.get(balancer) ?? null);
  }

  inspectLink(): Promise<LinkReport> {
    return Promise.resolve(this.link);
  }

  attach(
    { balancer, ifname, config, features, chain, replace }: AttachRequest,
  ): Promise<AttachResult> {
    const { maxVips = 512, maxReals = 4096, maxFlows = 65_536 } = config;
    const capacity = { maxVips, maxReals, maxFlows };
    this.dataplanes.set(balancer, new FakeDataplane({ balancer, ifname, capacity }));
    const { mode = "auto", gatewayMac = "auto" } = config;
    const attachment: Attachment = {
      balancer,
      ifname,
      mode: chain !== null
        ? `chained in slot ${chain.slot}`
        : mode !== "auto"
        ? mode
        : this.fallback === null
        ? "native"
        : "generic",
      gatewayMac: gatewayMac === "auto" ? SETTINGS.gatewayMac : gatewayMac,
      gatewayAuto: gatewayMac === "auto",
      version: "0.1.0",
      attachedAt: this.time / 1000,
      features,
      settings: {
        ...SETTINGS,
        ...pickSettings(config),
        gatewayMac: gatewayMac === "auto" ? SETTINGS.gatewayMac : gatewayMac,
      },
      programId: 42,
    };
    this.attachments.set(balancer, attachment);
    return Promise.resolve({
      ...attachment,
      fallback: mode === "auto" ? this.fallback : null,
      replaced: replace ? "other_lb" : null,
    });
  }

  detach(balancer: string): Promise<void> {
    this.attachments.delete(balancer);
    this.dataplanes.delete(balancer);
    return Promise.resolve();
  }

  upgrade({ balancer, features, settings }: UpgradeRequest): Promise<Attachment> {
    const old = this.attachments.get(balancer);
    if (old === undefined) throw new Error(`No balancer "${balancer}"`);
    const all = FEATURES.filter((name) => old.features.includes(name) || features.includes(name));
    const isAuto = settings.gatewayMac === "auto";
    const found = this.link.hops[0]?.mac ?? old.gatewayMac;
    const gatewayMac = isAuto ? found : settings.gatewayMac ?? old.gatewayMac;
    const attachment = {
      ...old,
      features: all,
      gatewayMac,
      gatewayAuto: isAuto || (settings.gatewayMac === undefined && old.gatewayAuto),
      settings: { ...old.settings, ...settings, gatewayMac },
    };
    this.attachments.set(balancer, attachment);
    this.replaced.set(balancer, old);
    return Promise.resolve(attachment);
  }

  previous(balancer: string): Promise<Attachment | null> {
    return Promise.resolve(this.replaced.get(balancer) ?? null);
  }

  rollback(balancer: string): Promise<Attachment> {
    const [now, before] = [this.attachments.get(balancer), this.replaced.get(balancer)];
    if (now === undefined || before === undefined) throw new Error("Nothing to roll back to");
    this.attachments.set(balancer, before);
    this.replaced.set(balancer, now);
    return Promise.resolve(before);
  }

  /** One class within its target, one without any, one beyond. */
  bench({ classes, onProgress }: BenchRequest): Promise<BenchReport> {
    onProgress("load 1 of 3: tcp-v4");
    return Promise.resolve({
      ...BENCH_REPORT,
      classes: BENCH_REPORT.classes.filter(({ name }) =>
        classes.length === 0 || classes.includes(name)
      ),
      attack: classes.length === 0 ? BENCH_REPORT.attack : null,
    });
  }

  /** The balancer `main`, which must be attached. */
  get main(): FakeDataplane {
    const main = this.dataplanes.get("main");
    if (main === undefined) throw new Error("Balancer main is not attached");
    return main;
  }
}
