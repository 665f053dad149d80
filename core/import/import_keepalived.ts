import type { Encap, Protocol } from "../state/types.ts";
import { Draft, type DraftVip } from "./draft.ts";
import { scheduler, wholeNumber } from "./ipvs_words.ts";
import { type Block, readBlocks } from "./keepalived_blocks.ts";
import type { Imported } from "./types.ts";

/** Words of a virtual server that say when and how to check, which weir is not told here. */
const CHECKING: ReadonlySet<string> = new Set([
  ...["delay_loop", "retry", "delay_before_retry", "warmup", "alpha", "omega", "quorum"],
  ...["quorum_up", "quorum_down", "hysteresis", "ha_suspend", "inhibit_on_failure", "notify_up"],
  ...["notify_down", "virtualhost", "smtp_alert", "connect_timeout", "delay_before_retry"],
]);
const MOST_ADDRESSES = 256;

/** A virtual server: what holds for each of its VIPs. */
interface Service {
  readonly vips: readonly DraftVip[];
  readonly encap: Encap | null;
  readonly isTunnel: boolean;
  readonly isNat: boolean;
}

/**
 * Reads the `virtual_server` blocks of keepalived.conf.
 *
 * @param text content of the file
 */
export function importKeepalived(text: string): Imported {
  const draft = new Draft();
  const blocks = readBlocks(text);
  const groups = new Map(
    blocks.filter(({ words }) => words[0] === "virtual_server_group")
      .map((block) => [block.words[1] ?? "", block]),
  );
  for (const block of blocks) {
    draft.line = block.line;
    const [word = ""] = block.words;
    if (word === "virtual_server") readService(draft, block, groups);
    else if (word === "include") draft.note("included files are not read: give them one by one");
    else if (word !== "virtual_server_group") draft.note(`"${word}" has no equivalent: left out`);
  }
  return draft.finish();
}

function readService(draft: Draft, block: Block, groups: ReadonlyMap<string, Block>): void {
  const setting = (...names: readonly string[]) =>
    block.children.find(({ words: [name = ""] }) => names.includes(name))?.words.slice(1);
  const protocol = (setting("protocol")?.[0] ?? "TCP").toLowerCase();
  if (protocol !== "tcp" && protocol !== "udp") {
    return draft.note(`protocol ${protocol} has no equivalent: left out`);
  }
  const endpoints = endpointsOf(draft, block, groups);
  draft.line = block.line;
  const vips = endpoints.flatMap((endpoint) => draft.vip(protocol as Protocol, endpoint) ?? []);
  const [kind = "NAT", ...tunnel] = setting("lb_kind", "lvs_method") ?? [];
  const isGue = tunnel.includes("gue");
  if (tunnel.includes("gre")) draft.note("GRE has no equivalent: IPIP is used");
  const port = tunnel[tunnel.indexOf("port") + 1];
  if (isGue && tunnel.includes("port") && port !== undefined) {
    draft.balancer = { ...draft.balancer, guePort: wholeNumber(draft, "port", port) };
  }
  const service: Service = {
    ...{ vips, encap: isGue ? "gue" : null, isTunnel: kind === "TUN", isNat: kind === "NAT" },
  };
  for (const child of block.children) {
    draft.line = child.line;
    readSetting(draft, child, service);
  }
  if (setting("lb_algo", "lvs_sched") !== undefined) return;
  draft.line = block.line;
  for (const vip of vips) scheduler(draft, vip, "wlc", false);
}

function readSetting(draft: Draft, block: Block, service: Service): void {
  const [word = "", value = ""] = block.words;
  const { vips } = service;
  if (word === "real_server") return readReal(draft, block, service);
  if (word === "lb_algo" || word === "lvs_sched") {
    for (const vip of vips) scheduler(draft, vip, value, block.words.some((w) => /-port$/.test(w)));
  } else if (word === "persistence_timeout") {
    for (const vip of vips) draft.flag(vip, "no-source-port");
    draft.note("persistence has no timeout: no-source-port keeps a client's flows on one real");
  } else if (word === "ops") {
    for (const vip of vips) vip.config = { ...vip.config, affinity: "none" };
    draft.note("one-packet scheduling becomes affinity none");
  } else if (word === "sorry_server") {
    draft.note(`sorry server ${value} has no equivalent: left out`);
  } else if (word === "mh-port" || word === "sh-port") {
    draft.note(`${word} has no equivalent beside the scheduler: left out`);
  } else if (CHECKING.has(word)) {
    draft.note(`health checks are not imported: "${word}"`);
  } else if (!["protocol", "lb_kind", "lvs_method", "ip_family"].includes(word)) {
    draft.note(`"${word}" has no equivalent: left out`);
  }
}

function readReal(draft: Draft, block: Block, { vips, encap, isTunnel, isNat }: Service): void {
  const [, host = "", port] = block.words;
  const address = draft.address(host);
  if (address === null) return;
  if (isNat) {
    draft.note(`${host} needs the VIP on loopback and "weir decap": weir does not translate`);
  } else if (!isTunnel) {
    draft.note(`${host} needs "weir decap" or a tunnel device: weir encapsulates`);
  }
  let weight = 1;
  for (const child of block.children) {
    draft.line = child.line;
    const [word = "", value = ""] = child.words;
    if (word === "weight") weight = wholeNumber(draft, "weight", value);
    else if (CHECKING.has(word) || /_(GET|CHECK)$/.test(word)) {
      draft.note(`health checks are not imported: "${word}"`);
    } else draft.note(`"${word}" has no equivalent: left out`);
  }
  draft.line = block.line;
  for (const vip of vips) {
    if (port !== undefined && Number(port) !== vip.config.port) {
      draft.note(`weir does not translate ports: ${host} gets packets to port ${vip.config.port}`);
    }
    draft.real(vip, address, weight, { encap });
  }
}

/** `198.51.100.10 80`, or the addresses of a group. */
function endpointsOf(
  draft: Draft,
  { words: [, host = "", port = "0"] }: Block,
  groups: ReadonlyMap<string, Block>,
): readonly string[] {
  if (host === "fwmark") {
    draft.note("fwmark services have no equivalent: left out");
    return [];
  }
  if (host !== "group") return [endpoint(host, port)];
  const group = groups.get(port);
  if (group === undefined) draft.note(`group "${port}" is not in this file: left out`);
  return (group?.children ?? []).flatMap(({ line, words: [first = "", second = "0"] }) => {
    draft.line = line;
    if (first !== "fwmark") return range(draft, first).map((address) => endpoint(address, second));
    draft.note("fwmark services have no equivalent: left out");
    return [];
  });
}

function endpoint(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `192.0.2.1-5` stands for five addresses. */
function range(draft: Draft, text: string): readonly string[] {
  const [, head, from, to] = /^(\d+\.\d+\.\d+\.)(\d+)-(\d+)$/.exec(text) ?? [];
  if (head === undefined) return [text];
  const count = Number(to) - Number(from) + 1;
  if (count >= 1 && count <= MOST_ADDRESSES) {
    return Array.from({ length: count }, (_, i) => `${head}${Number(from) + i}`);
  }
  draft.note(`"${text}" is no range of addresses: left out`);
  return [];
}
