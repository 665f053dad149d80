import type { Impact, VipImpact } from "../../core/plan/impact.ts";
import type { Style } from "../term/ansi.ts";
import { grouped, short } from "./numbers.ts";

/**
 * Draws a blast radius: what stays and what breaks of each VIP's traffic, and the memory.
 *
 * @param impact of a plan
 * @param style colour
 */
export function impactLines({ vips, memory }: Impact, style: Style): readonly string[] {
  const kib = Math.round(Math.abs(memory) / 1024);
  const sign = memory < 0 ? "-" : "+";
  return [
    ...vips.flatMap((vip) => vipLines(vip, style)),
    ...(memory === 0 ? [] : [style.dim(`  memory: ${sign}${grouped(kib)} KiB for rings`)]),
  ];
}

function vipLines({ vip, packets, newFlows, flows, breaks }: VipImpact, style: Style) {
  if (packets + newFlows + flows === 0 && breaks.reals.length === 0) return [];
  const kept = Math.max(0, packets - breaks.packets);
  const staying = breaks.reals.length > 0 && kept === 0
    ? ""
    : `; ${traffic(kept, flows - breaks.flows)} on these slots stay where they are`;
  const lines = [
    style.dim(`  traffic ${vip}: ${short(newFlows)} new flow/s go elsewhere${staying}`),
  ];
  if (breaks.reals.length === 0) return lines;
  const broken = traffic(breaks.packets, breaks.flows);
  return [...lines, style.red(`! ${vip}: flows on ${breaks.reals.join(", ")} break: ${broken}`)];
}

function traffic(packets: number, flows: number): string {
  return `${short(packets)} packet/s, ${grouped(flows)} remembered flows`;
}
