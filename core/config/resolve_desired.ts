import type { Desired, DesiredMember, DesiredVip, RealConfig, VipConfig } from "../state/types.ts";
import { unusableReal, unusableVip } from "../state/unusable_address.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { flagProtocol } from "../state/words.ts";
import type { Document, Mistake, Path } from "./document.ts";
import { addressReal, namedReal, type Resolution, twice, wordReal } from "./resolution.ts";
import { resolveTables } from "./resolve_tables.ts";
import type { ConfigForm, MemberForm, VipForm } from "./schema.ts";

/**
 * Puts defaults in, replaces names of reals by reals, and finds what no single value shows: VIPs and
 * reals given twice, names that stand for nothing, flags that do not fit.
 *
 * @param form weir.yaml with every value read
 * @param document where everything stands
 */
export function resolveDesired(
  form: ConfigForm,
  document: Document,
): { readonly desired: Desired; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = [];
  const resolution = { document, mistakes, ...namedReals(form, document, mistakes) };
  const seen = new Map<string, number>();
  const vips = form.vips.map((vip, index): DesiredVip => {
    const path = ["vips", index];
    const config = vipConfig(vip, form.defaults ?? {});
    const key = vipKeyText(config);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, document.valueAt(path));
    else mistakes.push(twice(document, document.valueAt(path), first, `VIP "${key}"`));
    checkFlags(vip, path, resolution);
    const unusable = unusableVip(config);
    if (unusable !== null) {
      const message = `VIP "${key}" ${unusable}: no client can reach it`;
      mistakes.push({ offset: document.valueAt([...path, "address"]), message });
    }
    return { config, members: vipMembers(vip.reals, config, [...path, "reals"], resolution) };
  });
  return { desired: { vips, tables: resolveTables(form, resolution) }, mistakes };
}

function namedReals(form: ConfigForm, document: Document, mistakes: Mistake[]) {
  const byName = new Map<string, RealConfig>();
  const byAddress = new Map<string, RealConfig>();
  for (const [key, { address, name = key, local, encap }] of Object.entries(form.reals ?? {})) {
    const offset = document.keyAt(["reals", key]);
    if (new TextEncoder().encode(name).length > 63) {
      mistakes.push({ offset, message: `Expected a name of at most 63 bytes but found "${name}"` });
    }
    const known = byAddress.get(address.text);
    if (known !== undefined) {
      const message = `Real "${key}" has the address "${address.text}" of real "${known.name}"`;
      mistakes.push({ offset, message });
    }
    const real = { address, name, local, encap: encap ?? null };
    byName.set(key, real);
    byAddress.set(address.text, real);
  }
  return { byName, byAddress };
}

function vipConfig(vip: VipForm, defaults: NonNullable<ConfigForm["defaults"]>): VipConfig {
  return {
    name: vip.name,
    address: vip.address.address,
    prefixLength: vip.address.prefixLength,
    port: vip.port,
    protocol: vip.protocol,
    flags: [...new Set(vip.flags)].sort(),
    affinity: vip.affinity ?? defaults.affinity ?? "default",
    encap: vip.encap ?? defaults.encap ?? "ipip",
    ringHash: vip.ring ?? defaults.ring ?? "maglev-v2",
  };
}

function checkFlags(vip: VipForm, path: Path, { document, mistakes }: Resolution): void {
  vip.flags.forEach((flag, index) => {
    const wanted = flagProtocol(flag);
    if (wanted === null || wanted === vip.protocol) return;
    const offset = document.valueAt([...path, "flags", index]);
    mistakes.push({ offset, message: `Flag "${flag}" needs protocol ${wanted}` });
  });
}

function vipMembers(
  forms: readonly MemberForm[],
  vip: VipConfig,
  path: Path,
  resolution: Resolution,
): readonly DesiredMember[] {
  const { document, mistakes } = resolution;
  const seen = new Map<string, number>();
  return forms.flatMap((form, index) => {
    const here = [...path, index];
    const real = memberReal(form, here, resolution);
    if (real === null) return [];
    const offset = document.valueAt(here);
    const first = seen.get(real.address.text);
    if (first === undefined) seen.set(real.address.text, offset);
    else mistakes.push(twice(document, offset, first, `Real "${real.address.text}"`));
    const unusable = unusableReal(real, vip);
    if (unusable !== null) {
      const message = `Real "${real.address.text}" ${unusable}: packets cannot be sent there`;
      mistakes.push({ offset, message });
    }
    return [{ real, weight: form.weight ?? 1, state: form.state ?? null }];
  });
}

function memberReal(form: MemberForm, path: Path, resolution: Resolution): RealConfig | null {
  const { document, mistakes } = resolution;
  if (!("word" in form)) {
    if (form.address !== undefined && form.real === undefined) {
      return addressReal(form.address, resolution);
    }
    if (form.real === undefined || form.address !== undefined) {
      const message = "Expected either the address of a real or the name of one (real)";
      mistakes.push({ offset: document.valueAt(path), message });
      return null;
    }
  }
  if ("word" in form) return wordReal(form.word, path, resolution);
  return namedReal(form.real ?? "", [...path, "real"], resolution);
}
