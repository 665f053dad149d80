import { parseAddress } from "../addr/parse_address.ts";
import type { DesiredMember, DesiredVip, RealConfig } from "../state/types.ts";
import { balancerForm } from "./balancer_form.ts";
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
  const keys = realKeys(desired.vips);
  const document = new YamlDocument({});
  const flow = (value: unknown) => document.createNode(value, { flow: true });
  const settings = balancerForm(balancer);
  if (Object.keys(settings).length > 0) document.set("balancer", settings);
  if (keys.size > 0) {
    const reals = [...keys.values()].map(([real, key]) => [key, flow(realForm(real, key))]);
    document.set("reals", document.createNode(Object.fromEntries(reals)));
  }
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
function realKeys(vips: readonly DesiredVip[]): ReadonlyMap<string, readonly [RealConfig, string]> {
  const keys = new Map<string, readonly [RealConfig, string]>();
  const taken = new Set<string>();
  for (const { real } of vips.flatMap(({ members }) => members)) {
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
