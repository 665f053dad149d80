import {
  SETTING_NAMES,
  settingKeys,
  type Settings,
  settingText,
} from "../../core/config/settings.ts";
import type { Capacity, State } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import type { Attachment, LinkReport } from "../host.ts";
import { linkProblems } from "../next_hop.ts";
import { table, type TableOptions } from "../term/table.ts";
import { grouped, timeText } from "./numbers.ts";

/** `weir status --json` */
export interface StatusData extends Attachment {
  readonly capacity: Capacity;
  /** Numbers of what it holds; retired reals are deleted but still have flows. */
  readonly vips: number;
  readonly reals: number;
  readonly retired: number;
  /** Why the balancer is not in order; empty if it is. */
  readonly problems: readonly string[];
}

/**
 * How a balancer is doing.
 *
 * @param attachment how it is attached
 * @param state what it holds
 * @param link its interface; null: not known
 */
export function statusData(
  attachment: Attachment,
  state: State,
  link: LinkReport | null,
): StatusData {
  const reals = [...state.reals.values()];
  const retired = reals.filter((real) => real.retired).length;
  return {
    ...attachment,
    capacity: state.capacity,
    vips: state.vips.size,
    reals: reals.length - retired,
    retired,
    problems: [...problems(attachment, state), ...linkProblems(attachment, link)],
  };
}

function problems({ programId, ifname }: Attachment, state: State): readonly string[] {
  const idle = [...state.vips.values()].filter(({ members }) =>
    ![...members.values()].some(({ weight, state }) => state === "up" && weight > 0)
  );
  return [
    ...(programId === null ? [`The XDP program is not on ${ifname} any more`] : []),
    ...(state.sequence % 2 === 1
      ? ["A command is running or was killed; the next one repairs what it left"]
      : []),
    ...idle.map(({ config }) => `VIP "${vipKeyText(config)}" has no real that takes new flows`),
  ];
}

/** Settings by their names in weir.yaml, as many on a line as fit 80 columns. */
function settingLines(settings: Settings): readonly string[] {
  const lines: string[] = [];
  for (const key of settingKeys(settings)) {
    const text = settingText(settings, key);
    // The next hop has a row of its own.
    if (text === "" || key === "gatewayMac") continue;
    const word = `${SETTING_NAMES[key]} ${text}`;
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 66) lines.push(word);
    else lines[lines.length - 1] = `${last}, ${word}`;
  }
  return lines;
}

/**
 * Draws the status.
 *
 * @param data the status
 * @param options colour
 */
export function statusLines(data: StatusData, { style }: TableOptions): readonly string[] {
  const { balancer, ifname, mode, version, capacity, problems } = data;
  const order = problems.length === 0 ? style.green("in order") : style.red("degraded");
  const deleted = data.retired === 0 ? "" : ` (and ${data.retired} deleted that still have flows)`;
  const row = (title: string, text: string) => `${style.bold(title.padEnd(10))}${text}`;
  return [
    `Balancer "${balancer}" is ${order}`,
    row("Interface", `${ifname}, mode ${mode}, program ${data.programId ?? "missing"}`),
    row("Next hop", data.gatewayMac),
    row("Attached", `${timeText(data.attachedAt)} by weir ${version}`),
    row("VIPs", `${grouped(data.vips)} of ${grouped(capacity.maxVips)}`),
    row("Reals", `${grouped(data.reals)} of ${grouped(capacity.maxReals - 1)}${deleted}`),
    row("Flows", `room for ${grouped(capacity.maxFlows)}`),
    row("Features", data.features.length === 0 ? "none" : data.features.join(", ")),
    ...settingLines(data.settings).map((line, i) => row(i === 0 ? "Settings" : "", line)),
    ...problems.map((problem) => style.red(`! ${problem}`)),
  ];
}

/**
 * Draws the status of several balancers: a line each, then what is wrong.
 *
 * @param all of a host
 * @param options width and colour
 */
export function statusTable(
  all: readonly StatusData[],
  options: TableOptions,
): readonly string[] {
  const { style } = options;
  const columns = [
    { title: "BALANCER" },
    { title: "INTERFACE" },
    { title: "MODE" },
    { title: "VIPS", align: "right" },
    { title: "REALS", align: "right" },
    { title: "VERSION" },
    { title: "STATE" },
  ] as const;
  const rows = all.map(({ balancer, ifname, mode, vips, reals, version, problems }) => [
    ...[balancer, ifname, mode, grouped(vips), grouped(reals), version],
    problems.length === 0 ? style.green("in order") : style.red("degraded"),
  ]);
  const wrong = all.flatMap(({ balancer, problems }) =>
    problems.map((problem) => style.red(`! ${balancer}: ${problem}`))
  );
  return [...table(columns, rows, options), ...wrong];
}
