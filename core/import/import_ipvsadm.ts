import type { Encap } from "../state/types.ts";
import { Draft, type DraftVip, shellWords } from "./draft.ts";
import { scheduler, wholeNumber } from "./ipvs_words.ts";
import type { Imported } from "./types.ts";

/** Options by their one name here; true: they take no value. */
const NAMES: Readonly<Record<string, readonly [name: string, bare?: true]>> = {
  "-A": ["add-service", true],
  "--add-service": ["add-service", true],
  "-a": ["add-server", true],
  "--add-server": ["add-server", true],
  "-t": ["tcp"],
  "--tcp-service": ["tcp"],
  "-u": ["udp"],
  "--udp-service": ["udp"],
  "-f": ["fwmark"],
  "--fwmark-service": ["fwmark"],
  "--sctp-service": ["sctp"],
  "-s": ["scheduler"],
  "--scheduler": ["scheduler"],
  "-b": ["sched-flags"],
  "--sched-flags": ["sched-flags"],
  "-p": ["persistent"],
  "--persistent": ["persistent"],
  "-M": ["netmask"],
  "--netmask": ["netmask"],
  "--pe": ["pe"],
  "-o": ["ops", true],
  "--ops": ["ops", true],
  "-6": ["ipv6", true],
  "--ipv6": ["ipv6", true],
  "-r": ["real"],
  "--real-server": ["real"],
  "-w": ["weight"],
  "--weight": ["weight"],
  "-g": ["gatewaying", true],
  "--gatewaying": ["gatewaying", true],
  "-i": ["ipip", true],
  "--ipip": ["ipip", true],
  "-m": ["masquerading", true],
  "--masquerading": ["masquerading", true],
  "-x": ["u-threshold"],
  "--u-threshold": ["u-threshold"],
  "-y": ["l-threshold"],
  "--l-threshold": ["l-threshold"],
  "--tun-type": ["tun-type"],
  "--tun-port": ["tun-port"],
  "--tun-nocsum": ["tun-nocsum", true],
  "--tun-csum": ["tun-csum", true],
  "--tun-remcsum": ["tun-remcsum", true],
};
const OPTIONS = new Map(Object.entries(NAMES));

/**
 * Reads the output of `ipvsadm -Sn`.
 *
 * @param text lines of `-A` and `-a`
 */
export function importIpvsadm(text: string): Imported {
  const draft = new Draft();
  for (const [index, line] of text.split("\n").entries()) {
    draft.line = index + 1;
    const words = shellWords(line);
    if (words.length > 0) readLine(draft, words[0]?.endsWith("ipvsadm") ? words.slice(1) : words);
  }
  return draft.finish();
}

function readLine(draft: Draft, words: readonly string[]): void {
  const options = readOptions(draft, words);
  for (const name of ["fwmark", "sctp"]) {
    if (options.has(name)) return draft.note(`${name} services have no equivalent: left out`);
  }
  const protocol = options.has("tcp") ? "tcp" : "udp";
  const vip = draft.vip(protocol, options.get(protocol) ?? "");
  if (vip === null) return;
  if (options.has("add-service")) readService(draft, vip, options);
  else if (options.has("add-server")) readServer(draft, vip, options);
  else draft.note("neither -A nor -a: left out");
}

function readOptions(draft: Draft, words: readonly string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const [name, bare] = OPTIONS.get(word) ?? [];
    if (name === undefined) draft.note(`option "${word}" is not known: left out`);
    else options.set(name, bare ? "" : words[++i] ?? "");
  }
  return options;
}

function readService(draft: Draft, vip: DraftVip, options: ReadonlyMap<string, string>): void {
  const ports = options.get("sched-flags")?.includes("port") === true;
  scheduler(draft, vip, options.get("scheduler") ?? "wlc", ports);
  if (options.has("persistent")) {
    draft.flag(vip, "no-source-port");
    draft.note("persistence has no timeout: no-source-port keeps a client's flows on one real");
  }
  if (options.has("ops")) {
    vip.config = { ...vip.config, affinity: "none" };
    draft.note("one-packet scheduling becomes affinity none");
  }
  if (options.has("pe")) draft.note(`persistence engine "${options.get("pe")}" has no equivalent`);
}

function readServer(draft: Draft, vip: DraftVip, options: ReadonlyMap<string, string>): void {
  const real = options.get("real") ?? "";
  const [, host = real, port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(real) ?? [];
  const address = draft.address(host);
  if (address === null) return;
  if (port !== undefined && Number(port) !== vip.config.port) {
    draft.note(`weir does not translate ports: ${real} gets packets to port ${vip.config.port}`);
  }
  if (options.has("masquerading")) {
    draft.note(`${host} needs the VIP on loopback and "weir decap": weir does not translate`);
  } else if (!options.has("ipip")) {
    draft.note(`${host} needs "weir decap" or a tunnel device: weir encapsulates`);
  }
  for (const name of ["u-threshold", "l-threshold"]) {
    const value = options.get(name) ?? "0";
    if (value !== "0") draft.note(`a connection limit (${name} ${value}) has no equivalent`);
  }
  const weight = wholeNumber(draft, "weight", options.get("weight") ?? "1");
  draft.real(vip, address, weight, { encap: encapOf(draft, options) });
  if (options.has("tun-remcsum")) draft.note("remote checksum offload has no equivalent");
}

function encapOf(draft: Draft, options: ReadonlyMap<string, string>): Encap | null {
  const type = options.get("tun-type") ?? "ipip";
  if (type === "gre") draft.note("GRE has no equivalent: IPIP is used");
  if (type !== "gue") return null;
  const port = wholeNumber(draft, "tun-port", options.get("tun-port") ?? "6080");
  draft.balancer = { ...draft.balancer, guePort: port };
  return "gue";
}
