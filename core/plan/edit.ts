import type { Address } from "../addr/types.ts";
import { nearest } from "../config/nearest.ts";
import type {
  Desired,
  DesiredMember,
  DesiredVip,
  MemberState,
  RealConfig,
  VipConfig,
  VipKey,
} from "../state/types.ts";
import { tableReals, tablesOf } from "../state/tables.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { PlanError } from "./plan_error.ts";

/** One command's change of what is wanted; it throws a PlanError if the change makes no sense. */
export type Edit = (desired: Desired) => Desired;

/** Settings of a VIP that can change while it runs. */
export type VipPatch = Partial<Omit<VipConfig, keyof VipKey>>;

/** Settings of a real and of its part in one VIP. */
export interface MemberPatch {
  readonly weight?: number;
  readonly state?: MemberState;
  /** Settings of the real itself, in every VIP that has it. */
  readonly real?: Partial<Omit<RealConfig, "address">>;
}

/** Addresses that differ in more characters are not meant for each other. */
const TYPOS = 2;

/** Adds a VIP without reals. */
export function addVip(config: VipConfig): Edit {
  return (desired) => {
    const key = vipKeyText(config);
    if (desired.vips.some((vip) => vipKeyText(vip.config) === key)) {
      throw new PlanError(
        `Cannot add VIP "${key}": it exists`,
        `change it with: weir vip set ${key}`,
      );
    }
    return { ...desired, vips: [...desired.vips, { config, members: [] }] };
  };
}

/** Changes settings of a VIP. */
export function setVip(key: VipKey, patch: VipPatch): Edit {
  return (desired) =>
    withVip(desired, key, "change", (vip) => ({ ...vip, config: { ...vip.config, ...patch } }));
}

/** Removes a VIP and its members. */
export function deleteVip(key: VipKey): Edit {
  return (desired) => withVip(desired, key, "delete", () => null);
}

/** Adds a real to a VIP; a real that another VIP has keeps settings that the patch leaves out. */
export function addReal(key: VipKey, address: Address, patch: MemberPatch): Edit {
  return (desired) => {
    const known = allReals(desired).find((real) => real.address.text === address.text);
    const real = { address, name: "", local: false, encap: null, ...known, ...patch.real };
    const member: DesiredMember = { real, weight: patch.weight ?? 1, state: patch.state ?? null };
    const added = withVip(desired, key, "add a real to", (vip) => {
      if (vip.members.some((other) => other.real.address.text === address.text)) {
        const command = `weir real set ${vipKeyText(key)} ${address.text}`;
        throw new PlanError(
          `Cannot add ${realName(key, address)}: it exists`,
          `change it with: ${command}`,
        );
      }
      return { ...vip, members: [...vip.members, member] };
    });
    return withRealConfig(added, real);
  };
}

/** Changes weight or state of a VIP's real, or settings of the real itself. */
export function setReal(key: VipKey, address: Address, patch: MemberPatch): Edit {
  return (desired) => {
    let real: RealConfig | null = null;
    const changed = withMember(desired, key, address, "change", (member) => {
      real = { ...member.real, ...patch.real };
      return {
        real,
        weight: patch.weight ?? member.weight,
        state: patch.state ?? member.state,
      };
    });
    return real === null ? changed : withRealConfig(changed, real);
  };
}

/** Removes a real from a VIP. */
export function deleteReal(key: VipKey, address: Address): Edit {
  return (desired) => withMember(desired, key, address, "delete", () => null);
}

function withVip(
  desired: Desired,
  key: VipKey,
  action: string,
  change: (vip: DesiredVip) => DesiredVip | null,
): Desired {
  const text = vipKeyText(key);
  const at = desired.vips.findIndex((vip) => vipKeyText(vip.config) === text);
  const vip = desired.vips[at];
  if (vip === undefined) {
    const near = nearest(text, desired.vips.map(({ config }) => vipKeyText(config)), TYPOS);
    const hint = near === null ? "see: weir vip list" : `did you mean "${near}"?`;
    throw new PlanError(`Cannot ${action} VIP "${text}": there is no such VIP`, hint);
  }
  const changed = change(vip);
  const vips = desired.vips.toSpliced(at, 1, ...(changed === null ? [] : [changed]));
  return { ...desired, vips };
}

function withMember(
  desired: Desired,
  key: VipKey,
  address: Address,
  action: string,
  change: (member: DesiredMember) => DesiredMember | null,
): Desired {
  return withVip(desired, key, `${action} a real of`, (vip) => {
    const at = vip.members.findIndex(({ real }) => real.address.text === address.text);
    const member = vip.members[at];
    if (member === undefined) {
      const near = nearest(address.text, vip.members.map(({ real }) => real.address.text), TYPOS);
      const hint = near === null ? "see: weir real list" : `did you mean "${near}"?`;
      throw new PlanError(
        `Cannot ${action} ${realName(key, address)}: there is no such real`,
        hint,
      );
    }
    const changed = change(member);
    return {
      ...vip,
      members: vip.members.toSpliced(at, 1, ...(changed === null ? [] : [changed])),
    };
  });
}

function withRealConfig(desired: Desired, real: RealConfig): Desired {
  const same = (named: { readonly real: RealConfig }) =>
    named.real.address.text === real.address.text;
  const { servers, sources, destinations } = tablesOf(desired);
  return {
    tables: {
      servers: servers.map((server) => same(server) ? { ...server, real } : server),
      sources: sources.map((source) => same(source) ? { ...source, real } : source),
      destinations,
    },
    vips: desired.vips.map((vip) => ({
      ...vip,
      members: vip.members.map((member) => same(member) ? { ...member, real } : member),
    })),
  };
}

function allReals(desired: Desired): readonly RealConfig[] {
  const members = desired.vips.flatMap((vip) => vip.members);
  return [...members.map(({ real }) => real), ...tableReals(tablesOf(desired))];
}

function realName(key: VipKey, address: Address): string {
  return `real "${address.text}" of VIP "${vipKeyText(key)}"`;
}
