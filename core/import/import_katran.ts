import { formatMac } from "../addr/format_mac.ts";
import { parseMac } from "../addr/parse_mac.ts";
import type { VipFlag } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { Draft, type DraftVip, shellWords } from "./draft.ts";
import { wholeNumber } from "./ipvs_words.ts";
import type { Imported } from "./types.ts";

/** Flags of the Go client that take no value. */
const BARE: ReadonlySet<string> = new Set([
  ...["A", "D", "E", "a", "e", "d", "l", "C", "s", "sum", "lru", "icmp", "unset"],
  ...["list_mac", "del_qm", "list_qm", "del_hc", "list_hc"],
]);
const VALUED: ReadonlySet<string> = new Set([
  ...["t", "u", "r", "w", "vf", "rf", "change_mac", "quic_mapping", "new_hc", "somark", "server"],
]);
/** The order in which the client looks for what to do; the first wins. */
const VERBS = [
  ...["change_mac", "list_mac", "A", "l", "D", "E", "a", "e", "d", "quic_mapping", "list_qm"],
  ...["C", "new_hc", "del_hc", "list_hc", "s"],
] as const;

const FLAGS: ReadonlyMap<string, VipFlag> = new Map([
  ["NO_SPORT", "no-source-port"],
  ["QUIC_VIP", "quic"],
  ["DPORT_HASH", "dport-hash"],
  ["LOCAL_VIP", "local"],
]);

/**
 * Reads commands of katran's Go client, one a line, and carries them out in their order.
 *
 * @param text lines as `-A -t 198.51.100.10:80 -vf NO_SPORT`, with or without the program's name
 */
export function importKatran(text: string): Imported {
  const draft = new Draft();
  for (const [index, line] of text.split("\n").entries()) {
    draft.line = index + 1;
    const words = shellWords(line);
    const first = words.findIndex((word) => word.startsWith("-"));
    if (first >= 0) carryOut(draft, readFlags(draft, words.slice(first)));
    else if (words.length > 0) draft.note(`"${words.join(" ")}" has no flags: left out`);
  }
  return draft.finish();
}

/** Flags as Go's package reads them: one dash or two, `-w 3` or `-w=3`. */
function readFlags(draft: Draft, words: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (let i = 0; i < words.length; i++) {
    const [, name = "", value] = /^--?([^=]+)(?:=(.*))?$/.exec(words[i] ?? "") ?? [];
    if (BARE.has(name)) flags.set(name, value ?? "true");
    else if (VALUED.has(name)) flags.set(name, value ?? words[++i] ?? "");
    else draft.note(`flag "${words[i]}" is not known: left out`);
  }
  return flags;
}

function carryOut(draft: Draft, flags: ReadonlyMap<string, string>): void {
  const verb = VERBS.find((name) => flags.has(name) && flags.get(name) !== "false");
  switch (verb) {
    case "change_mac":
      return changeMac(draft, flags.get("change_mac") ?? "");
    case "C":
      return draft.vips.clear();
    case "quic_mapping":
      return quicMapping(draft, flags.get("quic_mapping") ?? "", flags.has("del_qm"));
    case "new_hc":
    case "del_hc":
      return draft.note("health-check destinations are not imported");
    case undefined:
      return draft.note("no command of katran's client: left out");
  }
  if (["list_mac", "l", "list_qm", "list_hc", "s"].includes(verb)) return;
  const [protocol, endpoint] = flags.has("t")
    ? ["tcp" as const, flags.get("t") ?? ""]
    : ["udp" as const, flags.get("u") ?? ""];
  const known = draft.vips.size;
  const vip = draft.vip(protocol, endpoint);
  if (vip === null) return;
  if (verb !== "A" && draft.vips.size > known) {
    draft.vips.delete(vipKeyText(vip.config));
    return draft.note(`there is no VIP "${vipKeyText(vip.config)}" yet: left out`);
  }
  if (verb === "D") draft.vips.delete(vipKeyText(vip.config));
  else if (verb === "A" || verb === "E") setFlag(draft, vip, flags);
  else changeReal(draft, vip, flags, verb === "d");
}

function changeMac(draft: Draft, text: string): void {
  const mac = parseMac(text);
  if (mac === null) return draft.note(`"${text}" is no MAC address: left out`);
  draft.balancer = { ...draft.balancer, gatewayMac: formatMac(mac) };
}

function setFlag(draft: Draft, vip: DraftVip, flags: ReadonlyMap<string, string>): void {
  const name = flags.get("vf");
  if (name === undefined) return;
  const unset = flags.has("unset");
  if (name === "NO_LRU") {
    vip.config = { ...vip.config, affinity: unset ? "default" : "none" };
    return;
  }
  const flag = FLAGS.get(name);
  if (flag === undefined) return draft.note(`VIP flag "${name}" is not known: left out`);
  if (!unset) return draft.flag(vip, flag);
  vip.config = { ...vip.config, flags: vip.config.flags.filter((other) => other !== flag) };
}

function changeReal(
  draft: Draft,
  vip: DraftVip,
  flags: ReadonlyMap<string, string>,
  remove: boolean,
): void {
  const address = draft.address(flags.get("r") ?? "");
  if (address === null) return;
  if (remove) {
    vip.members.delete(address.text);
    return;
  }
  const weight = wholeNumber(draft, "weight", flags.get("w") ?? "1");
  draft.real(vip, address, weight, { local: flags.get("rf") === "LOCAL_REAL" });
}

function quicMapping(draft: Draft, text: string, remove: boolean): void {
  const [, host = "", number = ""] = /^(.+)=(\d+)$/.exec(text) ?? [];
  const address = draft.address(host);
  if (address === null) return;
  const id = Number(number);
  if (id < 1 || id >= 2 ** 32) return draft.note(`"${number}" is no server id: left out`);
  if (remove) draft.servers.delete(id);
  else draft.servers.set(id, { id, real: { address, name: "", local: false, encap: null } });
}
