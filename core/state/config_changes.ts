import type { RealConfig, VipConfig } from "./types.ts";

/** A setting before and after, as text. */
export interface FieldChange {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/**
 * What differs between two configurations of one VIP; the key is taken as equal.
 *
 * @param from the VIP as it is
 * @param to the VIP as it is wanted
 * @returns one entry per differing setting, in the order of the YAML form; empty if equal
 */
export function vipConfigChanges(from: VipConfig, to: VipConfig): readonly FieldChange[] {
  return fieldChanges([
    ["name", from.name, to.name],
    ["flags", flagText(from), flagText(to)],
    ["affinity", from.affinity, to.affinity],
    ["encap", from.encap, to.encap],
    ["ring", from.ringHash, to.ringHash],
  ]);
}

/**
 * What differs between two configurations of one real; the address is taken as equal.
 *
 * @param from the real as it is
 * @param to the real as it is wanted
 * @returns one entry per differing setting; empty if equal
 */
export function realConfigChanges(from: RealConfig, to: RealConfig): readonly FieldChange[] {
  return fieldChanges([
    ["name", from.name, to.name],
    ["local", String(from.local), String(to.local)],
    ["encap", from.encap ?? "", to.encap ?? ""],
  ]);
}

/** Keeps the [field, from, to] rows that differ. */
export function fieldChanges(
  fields: readonly (readonly [string, string, string])[],
): FieldChange[] {
  return fields.filter(([, from, to]) => from !== to)
    .map(([field, from, to]) => ({ field, from, to }));
}

function flagText(config: VipConfig): string {
  return [...config.flags].sort().join(", ");
}
