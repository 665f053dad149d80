import type { State, VipState } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import type { Style } from "../term/ansi.ts";
import { table, type TableOptions } from "../term/table.ts";

/** A real of a VIP in `weir real list --json`. */
export interface RealRow {
  readonly vip: string;
  readonly address: string;
  readonly index: number;
  readonly name: string;
  readonly weight: number;
  readonly state: string;
  readonly local: boolean;
  /** Encapsulation whatever the VIP says; null: the VIP decides. */
  readonly encap: string | null;
}

/** `weir real list --json` */
export interface RealListData {
  readonly balancer: string;
  readonly reals: readonly RealRow[];
  /** Addresses of deleted reals that established flows are still on. */
  readonly retired: readonly string[];
}

/**
 * The reals of a balancer, sorted by VIP and address.
 *
 * @param state what the kernel holds
 * @param only the VIP whose reals are wanted; null: all
 */
export function realListData(state: State, only: VipState | null): RealListData {
  const vips = only === null ? [...state.vips.values()] : [only];
  const reals = vips.flatMap(({ config, members }) =>
    [...members].map(([index, { weight, state: memberState }]): RealRow => {
      const real = state.reals.get(index)?.config;
      return {
        vip: vipKeyText(config),
        address: real?.address.text ?? `#${index}`,
        index,
        name: real?.name ?? "",
        weight,
        state: memberState,
        local: real?.local ?? false,
        encap: real?.encap ?? null,
      };
    })
  );
  const retired = [...state.reals.values()].filter((real) => real.retired)
    .map(({ config }) => config.address.text);
  const key = ({ vip, address }: RealRow) => `${vip} ${address}`;
  reals.sort((a, b) => key(a) < key(b) ? -1 : 1);
  return { balancer: state.balancer, reals, retired: only === null ? retired.sort() : [] };
}

/**
 * Draws the reals; a VIP stands only in the row of its first.
 *
 * @param data the reals
 * @param options width and colour
 */
export function realListLines(data: RealListData, options: TableOptions): readonly string[] {
  const { reals, retired } = data;
  const left = retired.map((address) =>
    options.style.dim(`${address} is deleted, established flows are still on it`)
  );
  if (reals.length === 0) {
    return ["No reals; add one with: weir real add <protocol> <endpoint> <address>", ...left];
  }
  const columns = [
    { title: "VIP" },
    { title: "REAL" },
    { title: "NAME", flexible: true },
    { title: "WEIGHT", align: "right" },
    { title: "STATE" },
    { title: "ENCAP" },
    { title: "LOCAL" },
  ] as const;
  const rows = reals.map((row, i) => [
    row.vip === reals[i - 1]?.vip ? "" : row.vip,
    row.address,
    row.name,
    String(row.weight),
    paintState(row.state, options.style),
    row.encap ?? "",
    row.local ? "local" : "",
  ]);
  return [...table(columns, rows, options), ...left];
}

/**
 * Colours the state of a real: up is nothing to look at.
 *
 * @param state up, drained or down
 * @param style paints
 */
export function paintState(state: string, style: Style): string {
  if (state === "down") return style.red(state);
  return state === "drained" ? style.yellow(state) : state;
}
