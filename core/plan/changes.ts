import { fieldChanges, realConfigChanges, vipConfigChanges } from "../state/config_changes.ts";
import type { State } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import type { VipPlan } from "./plan_vip.ts";
import type { Target } from "./target.ts";
import type { Change } from "./types.ts";

/**
 * Says what a plan changes: VIPs in the order of their index, removed ones first, each followed by its
 * reals; then settings of reals.
 *
 * @param state what the kernel holds
 * @param target the wish by index
 * @param vips what becomes of each VIP that stays or comes
 * @returns empty if wish and reality agree
 */
export function listChanges(
  state: State,
  target: Target,
  vips: readonly VipPlan[],
): readonly Change[] {
  const updates = [...target.reals.values()].flatMap(({ config, old }): Change[] => {
    const fields = old === null || old.retired ? [] : realConfigChanges(old.config, config);
    return fields.length === 0 ? [] : [{ kind: "real-updated", real: config.address.text, fields }];
  });
  return [
    ...target.removed.map(({ config }): Change => ({
      kind: "vip-removed",
      vip: vipKeyText(config),
    })),
    ...vips.flatMap((vip) => vipChanges(state, target, vip)),
    ...updates,
  ];
}

function vipChanges(state: State, { reals }: Target, plan: VipPlan): Change[] {
  const { old, config, members } = plan.target;
  const vip = vipKeyText(config);
  const textOf = (real: number) =>
    (reals.get(real) ?? state.reals.get(real))?.config.address.text ?? `#${real}`;
  const own: Change[] = [];
  if (old === null) own.push({ kind: "vip-added", vip });
  else {
    const fields = vipConfigChanges(old.config, config);
    if (fields.length > 0) own.push({ kind: "vip-changed", vip, fields });
  }
  const removed = [...plan.leaving].map(([real, { hard }]): Change => ({
    kind: "real-removed",
    vip,
    real: textOf(real),
    hard,
  }));
  const others = [...members].flatMap(([index, { weight, state: now }]): Change[] => {
    const real = textOf(index);
    const before = old?.members.get(index);
    if (before === undefined) return [{ kind: "real-added", vip, real, weight, state: now }];
    const fields = fieldChanges([
      ["weight", String(before.weight), String(weight)],
      ["state", before.state, now],
    ]);
    return fields.length === 0 ? [] : [{ kind: "real-changed", vip, real, fields }];
  });
  return [...own, ...removed, ...others];
}
