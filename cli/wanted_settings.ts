import { FIXED_SETTINGS, pickSettings, type Settings } from "../core/config/settings.ts";
import { SETTING_NAMES, settingChanges, settingText } from "../core/config/settings.ts";
import type { Config } from "../core/config/types.ts";
import { neededFeatures } from "../core/plan/check_desired.ts";
import type { Change, PlanOptions } from "../core/plan/types.ts";
import { tableReals, tablesOf } from "../core/state/tables.ts";
import type { Desired } from "../core/state/types.ts";
import { type Feature, FEATURES } from "../core/state/words.ts";
import type { FieldChange } from "../core/state/config_changes.ts";
import type { Attachment, LinkReport } from "./host.ts";
import { betterGateway } from "./next_hop.ts";

/** What a file wants of a running balancer beside VIPs and reals. */
export interface WantedSettings {
  readonly settings: Partial<Settings>;
  /** Features that are missing. */
  readonly features: readonly Feature[];
  /** At most one change; none: nothing to do. */
  readonly changes: readonly Change[];
  /** What the file does not change though it may seem so, a sentence each. */
  readonly notes: readonly string[];
}

/** A command that leaves settings alone. */
export const NO_SETTINGS: WantedSettings = { settings: {}, features: [], changes: [], notes: [] };

/**
 * What a file wants changed; what it leaves out stays as it is.
 *
 * @param attachment the balancer as it is
 * @param config the file
 * @param link the interface, for a next hop that is `auto`; null: not known
 */
export function wantedSettings(
  attachment: Attachment,
  { balancer, desired }: Config,
  link: LinkReport | null,
): WantedSettings {
  const { gatewayMac, ...rest } = balancer;
  const gateway = gatewayMac === "auto" ? gatewayChange(attachment, link) : null;
  const given = gatewayMac === "auto" ? rest : balancer;
  const settings = pickSettings(given, (key) => !FIXED_SETTINGS.has(key));
  const wanted = balancer.features ?? featuresOf(desired);
  const features = wanted.filter((feature) => !attachment.features.includes(feature));
  const fields = [
    ...(gateway === null ? [] : [gateway]),
    ...settingChanges(attachment.settings, settings),
    ...features.map((feature) => ({ field: feature, from: "off", to: "on" })),
  ];
  const changes: readonly Change[] = fields.length === 0
    ? []
    : [{ kind: "settings-changed", fields }];
  return {
    settings: gateway === null ? settings : { ...settings, gatewayMac: "auto" },
    features,
    changes,
    notes: notes(attachment, pickSettings(given, isFixed)),
  };
}

/** What `auto` changes about the next hop; null: nothing. */
function gatewayChange(attachment: Attachment, link: LinkReport | null): FieldChange | null {
  const { gatewayMac: from, gatewayAuto } = attachment;
  const mac = betterGateway(from, link) ?? from;
  if (gatewayAuto && mac === from) return null;
  return { field: SETTING_NAMES.gatewayMac, from, to: mac === from ? "auto" : mac };
}

/**
 * The features that VIPs and reals need.
 *
 * @param desired what is wanted
 */
export function featuresOf(desired: Desired): readonly Feature[] {
  const needed = new Set(desired.vips.flatMap((vip) => neededFeatures(vip)));
  if (tableReals(tablesOf(desired)).some(({ encap }) => encap === "gue")) needed.add("gue");
  return FEATURES.filter((feature) => needed.has(feature));
}

/**
 * What a plan may count on once the settings are changed.
 *
 * @param attachment the balancer as it is
 * @param wanted what changes about it
 */
export function planLimits(
  attachment: Attachment,
  wanted: WantedSettings = NO_SETTINGS,
): Required<Pick<PlanOptions, "features" | "gueSources">> {
  const { gueSourceV4, gueSourceV6 } = { ...attachment.settings, ...wanted.settings };
  return {
    features: new Set([...attachment.features, ...wanted.features]),
    gueSources: new Set([
      ...(gueSourceV4 === null ? [] : [4 as const]),
      ...(gueSourceV6 === null ? [] : [6 as const]),
    ]),
  };
}

function isFixed(key: keyof Settings): boolean {
  return FIXED_SETTINGS.has(key);
}

function notes({ settings: live }: Attachment, fixed: Partial<Settings>): readonly string[] {
  const keys = (Object.keys(fixed) as (keyof Settings)[]).filter((key) =>
    settingText(live, key) !== settingText(fixed, key)
  );
  return keys.map((key) =>
    `Setting "${SETTING_NAMES[key]}" stays ${settingText(live, key)}: ` +
    `only detach and attach change it to ${settingText(fixed, key)}`
  );
}
