import { parseAddress } from "../addr/parse_address.ts";
import { prefixText, tableReals, tablesOf } from "../state/tables.ts";
import type { DesiredMember, DesiredTables, DesiredVip, RealConfig } from "../state/types.ts";
import { balancerForm, type Form } from "./balancer_form.ts";
import type { Config } from "./types.ts";
import { YamlDocument } from "./yaml.ts";

/** Keys that JavaScript's objects have of their own; valibot reads no such key. */
const RESERVED: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/**
 * Writes a configuration as weir.yaml; `parseConfig` reads back the same. A real that is up is written
 * without its state, so that applying the file later does not undo a drain.
 *
 * @param config settings of the balancer, VIPs and reals
 * @returns text that ends with a line feed
 */
export function formatConfig({ balancer, desired }: Config): string {
  const tables = tablesOf(desired);
  const keys = realKeys([
    ...desired.vips.flatMap(({ members }) => members.map(({ real }) => real)),
    ...tableReals(tables),
  ]);
  const document = new YamlDocument({});
  const flow = (value: unknown) => document.createNode(value, { flow: true });
  const settings = withDestinations(balancerForm(balancer), tables);
  if (Object.keys(settings).length > 0) document.set("balancer", settings);
  if (keys.size > 0) {
    const reals = [...keys.values()].map(([real, key]) => [key, flow(realForm(real, key))]);
    document.set("reals", document.createNode(Object.fromEntries(reals)));
  }
  const { servers, sources } = tableForms(
    tables,
    ({ address }) => keys.get(address.text)?.[1] ?? address.text,
  );
  if (servers.length > 0) document.set("servers", document.createNode(servers.map(flow)));
  if (sources.length > 0) document.set("sources", document.createNode(sources.map(flow)));
  const vips = desired.vips.map((vip) =>
    vipForm(vip, (member) => {
      const form = memberForm(member, keys);
      return typeof form === "string" ? form : flow(form);
    })
  );
  document.set("vips", document.createNode(vips));
  return document.toString({ lineWidth: 0 });
}

/** Reals that need an entry of their own, by address; each with the key it stands under. */
function realKeys(
  reals: readonly RealConfig[],
): ReadonlyMap<string, readonly [RealConfig, string]> {
  const keys = new Map<string, readonly [RealConfig, string]>();
  const taken = new Set<string>();
  for (const real of reals) {
    const { address, name, local, encap } = real;
    if (keys.has(address.text) || (name === "" && !local && encap === null)) continue;
    // A name is no key if it could be taken for an address, or if another real has it too.
    const usable = name !== "" && parseAddress(name) === null && !RESERVED.has(name);
    const key = usable && !taken.has(name) ? name : address.text;
    taken.add(key);
    keys.set(address.text, [real, key]);
  }
  return keys;
}

function realForm({ address, name, local, encap }: RealConfig, key: string): object {
  return {
    address: address.text,
    ...(name === key ? {} : { name }),
    ...(local ? { local } : {}),
    ...(encap === null ? {} : { encap }),
  };
}

function withDestinations(form: Form, { destinations }: DesiredTables): Form {
  if (destinations.length === 0) return form;
  const rows = destinations.map(({ address, action }) => ({ address: address.text, action }));
  return { ...form, decap: { ...form.decap as Form | undefined, destinations: rows } };
}

function tableForms(
  { servers, sources }: DesiredTables,
  word: (real: RealConfig) => string,
): { readonly servers: readonly Form[]; readonly sources: readonly Form[] } {
  return {
    servers: servers.map(({ id, real }) => ({ id, real: word(real) })),
    sources: sources.map(({ prefix, real }) => ({ prefix: prefixText(prefix), real: word(real) })),
  };
}

function memberForm(
  { real, weight, state }: DesiredMember,
  keys: ReadonlyMap<string, readonly [RealConfig, string]>,
): string | Readonly<Record<string, unknown>> {
  const address = real.address.text;
  const key = keys.get(address)?.[1];
  const isUp = state === null || state === "up";
  if (weight === 1 && isUp) return key ?? address;
  const who = key === undefined ? { address } : { real: key };
  return { ...who, weight, ...(isUp ? {} : { state }) };
}

function vipForm(
  { config, members }: DesiredVip,
  member: (member: DesiredMember) => unknown,
): Readonly<Record<string, unknown>> {
  const { name, address, prefixLength, port, protocol, flags, affinity, encap, ringHash } = config;
  const isPrefix = prefixLength < (address.family === 4 ? 32 : 128);
  return {
    ...(name === "" ? {} : { name }),
    address: isPrefix ? `${address.text}/${prefixLength}` : address.text,
    port: port === 0 ? "any" : port,
    protocol,
    ...(flags.length === 0 ? {} : { flags: [...flags].sort() }),
    ...(affinity === "default" ? {} : { affinity }),
    ...(encap === "ipip" ? {} : { encap }),
    ...(ringHash === "maglev-v2" ? {} : { ring: ringHash }),
    reals: members.map(member),
  };
}
