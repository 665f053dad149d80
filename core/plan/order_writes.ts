import type { VipTableRow, Write } from "../dataplane.ts";
import { realConfigChanges, vipConfigChanges } from "../state/config_changes.ts";
import type { Ring, State, VipState } from "../state/types.ts";
import type { TablesPlan } from "./plan_tables.ts";
import type { VipPlan } from "./plan_vip.ts";
import type { Target } from "./target.ts";

/**
 * Puts the writes of a plan in order. Going: table, ring, members, vip-info, tables, reals. Coming: reals,
 * tables, vip-info, members, ring, table. So a packet never meets an index without its entry; and vip-info and
 * real-info, which planning reads, are first to come and last to go: whatever a killed command leaves
 * behind belongs to an index that the next plan sees.
 *
 * @param state what the kernel holds
 * @param target the wish by index
 * @param vips what becomes of each VIP that stays or comes
 * @param tables what becomes of the tables beside the VIPs
 * @param repair a command was killed: write also what looks right but cannot be read back
 * @returns writes between the marks of begin and end; none if nothing is to do
 */
export function orderWrites(
  state: State,
  target: Target,
  vips: readonly VipPlan[],
  tables: TablesPlan,
  repair: boolean,
): readonly Write[] {
  const flagged = new Set(vips.flatMap((vip) => [...vip.down]));
  const wasFlagged = new Set([...state.vips.values()].flatMap((vip) => [...vip.down]));
  const writes = [
    ...removals(state, target.removed),
    ...realsBefore(target, flagged, wasFlagged, repair),
    ...tables.before,
    ...vips.flatMap(writesBeforeRing),
    ...ringWrites(vips),
    ...vips.flatMap(writesAfterRing),
    ...tableWrites(target, repair),
    ...tables.after,
    ...realsAfter(state, target, flagged, wasFlagged, repair),
  ];
  return writes.length === 0 && !repair ? [] : betweenMarks(state.sequence, writes);
}

/**
 * Frames writes so that a reader sees by an odd sequence that they are not complete.
 *
 * @param sequence sequence of the state; odd if a killed command left it so
 * @param writes what the command writes
 */
export function betweenMarks(sequence: number, writes: readonly Write[]): readonly Write[] {
  const open = sequence % 2 === 1 ? sequence : sequence + 1;
  const begin: readonly Write[] = open === sequence ? [] : [{ op: "sequence", sequence: open }];
  return [...begin, ...writes, { op: "sequence", sequence: open + 1 }];
}

function removals(state: State, removed: readonly VipState[]): Write[] {
  if (removed.length === 0) return [];
  const gone = new Set(removed.map((vip) => vip.index));
  const kept = [...state.vips.values()].filter((vip) => !gone.has(vip.index));
  return [
    { op: "vip-table", vips: kept.map(({ index, config }) => ({ index, config })) },
    ...removed.flatMap(({ index, members, down }): Write[] => [
      { op: "ring", vip: index, ring: null },
      ...[...down].map((real): Write => ({ op: "down", vip: index, real, down: false })),
      ...[...members.keys()].map((real): Write => ({
        op: "member",
        vip: index,
        real,
        member: null,
      })),
      { op: "vip-info", vip: index, config: null },
    ]),
  ];
}

function realsBefore(
  { reals }: Target,
  flagged: ReadonlySet<number>,
  wasFlagged: ReadonlySet<number>,
  repair: boolean,
): Write[] {
  return [...reals.values()].flatMap(({ index, config, old }): Write[] => {
    // The flag goes up before the marks and comes down after them (realsAfter).
    const downSomewhere = flagged.has(index) || wasFlagged.has(index);
    const info: Write = { op: "real-info", index, config, retired: false };
    const entry: Write = { op: "real", index, config, downSomewhere };
    if (old === null) return [{ op: "reset-counters", of: "real", index }, info, entry];
    if (old.retired || realConfigChanges(old.config, config).length > 0) return [info, entry];
    return repair || (flagged.has(index) && !wasFlagged.has(index)) ? [entry] : [];
  });
}

function writesBeforeRing({ target, down }: VipPlan): Write[] {
  const { index, config, members, old } = target;
  const fresh: Write[] = old !== null ? [] : [
    { op: "reset-counters", of: "vip", index },
    { op: "vip-info", vip: index, config },
  ];
  const changed = [...members].filter(([real, { weight, state }]) => {
    const before = old?.members.get(real);
    return before?.weight !== weight || before.state !== state;
  });
  const raised = [...down].filter((real) => !old?.down.has(real));
  return [
    ...fresh,
    ...changed.map(([real, member]): Write => ({ op: "member", vip: index, real, member })),
    ...raised.map((real): Write => ({ op: "down", vip: index, real, down: true })),
  ];
}

function ringWrites(vips: readonly VipPlan[]): Write[] {
  const changed = vips.filter(({ ring }) => ring.after !== ring.before);
  const rings = new Map<number, Ring>();
  for (const { target: { index }, ring: { after } } of changed) {
    if (after !== null) rings.set(index, after);
  }
  const none = changed.filter(({ ring }) => ring.after === null);
  const [only] = rings;
  return [
    ...none.map(({ target }): Write => ({ op: "ring", vip: target.index, ring: null })),
    ...(rings.size > 1 ? [{ op: "rings", rings } as const] : []),
    ...(rings.size === 1 && only ? [{ op: "ring", vip: only[0], ring: only[1] } as const] : []),
  ];
}

function writesAfterRing({ target, leaving, down }: VipPlan): Write[] {
  const { index, config, old } = target;
  const lowered = [...old?.down ?? []].filter((real) => !down.has(real));
  const changed = old !== null && vipConfigChanges(old.config, config).length > 0;
  return [
    ...lowered.map((real): Write => ({ op: "down", vip: index, real, down: false })),
    ...[...leaving.keys()].map((real): Write => ({ op: "member", vip: index, real, member: null })),
    ...(changed ? [{ op: "vip-info", vip: index, config } as const] : []),
  ];
}

function tableWrites(target: Target, repair: boolean): Write[] {
  const differs = target.vips.some(({ old, config }) =>
    old === null ||
    vipConfigChanges(old.config, config).some(({ field }) => TABLE_FIELDS.has(field))
  );
  if (!differs && !repair) return [];
  const vips: VipTableRow[] = target.vips.map(({ index, config }) => ({ index, config }));
  return [{ op: "vip-table", vips }];
}

/** Settings of a VIP that the data plane sees; its name and its ring's algorithm it does not. */
const TABLE_FIELDS: ReadonlySet<string> = new Set(["flags", "affinity", "encap"]);

function realsAfter(
  state: State,
  target: Target,
  flagged: ReadonlySet<number>,
  wasFlagged: ReadonlySet<number>,
  repair: boolean,
): Write[] {
  const writes: Write[] = [];
  for (const { index, config, retired } of state.reals.values()) {
    const used = target.reals.get(index);
    const wish = used?.config ?? config;
    const lowers = wasFlagged.has(index) && !flagged.has(index);
    const raises = flagged.has(index) && !wasFlagged.has(index);
    if (lowers || (used === undefined && (raises || repair))) {
      writes.push({ op: "real", index, config: wish, downSomewhere: flagged.has(index) });
    }
    if (used === undefined && !retired) {
      writes.push({ op: "real-info", index, config, retired: true });
    }
  }
  return writes;
}
