import type { State } from "../../core/state/types.ts";
import { vipEndpointText, vipKeyText } from "../../core/state/vip_key.ts";
import { table, type TableOptions } from "../term/table.ts";

/** A VIP in `weir vip list --json`. */
export interface VipRow {
  /** Protocol and endpoint, as commands take them. */
  readonly vip: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly index: number;
  readonly name: string;
  readonly flags: readonly string[];
  readonly affinity: string;
  readonly encap: string;
  readonly ring: string;
  /** Number of reals by state. */
  readonly reals: Readonly<Record<"up" | "drained" | "down", number>>;
}

/** `weir vip list --json` */
export interface VipListData {
  readonly balancer: string;
  readonly vips: readonly VipRow[];
}

/**
 * The VIPs of a balancer, sorted by name text.
 *
 * @param state what the kernel holds
 */
export function vipListData(state: State): VipListData {
  const vips = [...state.vips.values()].map(({ index, config, members }): VipRow => {
    const reals = { up: 0, drained: 0, down: 0 };
    for (const member of members.values()) reals[member.state]++;
    return {
      vip: vipKeyText(config),
      protocol: config.protocol,
      endpoint: vipEndpointText(config),
      index,
      name: config.name,
      flags: config.flags,
      affinity: config.affinity,
      encap: config.encap,
      ring: config.ringHash,
      reals,
    };
  });
  return { balancer: state.balancer, vips: vips.sort((a, b) => a.vip < b.vip ? -1 : 1) };
}

/**
 * Draws the VIPs.
 *
 * @param data the VIPs
 * @param options width and colour
 */
export function vipListLines({ vips }: VipListData, options: TableOptions): readonly string[] {
  if (vips.length === 0) return ["No VIPs; add one with: weir vip add tcp 198.51.100.10:80"];
  const { style } = options;
  const columns = [
    { title: "VIP" },
    { title: "NAME", flexible: true },
    { title: "REALS UP", align: "right" },
    { title: "AFFINITY" },
    { title: "ENCAP" },
    { title: "RING" },
    { title: "FLAGS", flexible: true },
  ] as const;
  const rows = vips.map(({ vip, name, reals, affinity, encap, ring, flags }) => {
    const total = reals.up + reals.drained + reals.down;
    const up = `${reals.up}/${total}`;
    return [
      vip,
      name,
      reals.up === 0 ? style.red(up) : reals.up < total ? style.yellow(up) : up,
      affinity,
      encap,
      ring,
      flags.join(","),
    ];
  });
  return table(columns, rows, options);
}
