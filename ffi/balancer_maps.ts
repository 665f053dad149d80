import * as abi from "./abi.gen.ts";
import type { BpfMap } from "./bpf_map.ts";
import { decode } from "./codec.ts";
import { DataplaneError } from "./errors.ts";
import { frozenSettings } from "./frozen_settings.ts";
import { BalancerInfoMap } from "./maps/balancer_info.ts";
import { CountersMap } from "./maps/counters.ts";
import { DecapDestinationsMap } from "./maps/decap_destinations.ts";
import { DownMap } from "./maps/down.ts";
import { FlowsMap } from "./maps/flows.ts";
import { GlobalFlowsMap } from "./maps/global_flows.ts";
import { HostMap } from "./maps/host.ts";
import { MembersMap } from "./maps/members.ts";
import { RealInfoMap } from "./maps/real_info.ts";
import { RealsMap } from "./maps/reals.ts";
import { RingsMap } from "./maps/rings.ts";
import { ServerIdsMap } from "./maps/server_ids.ts";
import { SourcesMap } from "./maps/sources.ts";
import { VipCidrsMap } from "./maps/vip_cidrs.ts";
import { VipInfoMap } from "./maps/vip_info.ts";
import { VipTablesMap } from "./maps/vip_tables.ts";

/** Opens a map by its name in the object. */
export type MapOpener = (name: string) => BpfMap;

/** The maps of one balancer, each with its types. */
export class BalancerMaps implements Disposable {
  readonly settings: abi.Settings;
  readonly host: HostMap;
  readonly vipTables: VipTablesMap;
  readonly vipCidrs: VipCidrsMap;
  readonly rings: RingsMap;
  readonly reals: RealsMap;
  readonly down: DownMap;
  readonly flows: FlowsMap;
  readonly globalFlows: GlobalFlowsMap;
  readonly serverIds: ServerIdsMap;
  readonly sources: SourcesMap;
  readonly decapDestinations: DecapDestinationsMap;
  readonly counters: CountersMap;
  readonly vipInfo: VipInfoMap;
  readonly realInfo: RealInfoMap;
  readonly members: MembersMap;
  readonly info: BalancerInfoMap;
  readonly #open: DisposableStack;

  /**
   * @param open Opens a map; they are closed with this object.
   * @throws {DataplaneError} When the maps are of another version of weir.
   */
  constructor(open: MapOpener) {
    using stack = new DisposableStack();
    const map = (name: string) => stack.use(open(name));
    this.settings = readSettings(map(".rodata"));
    this.host = new HostMap(map(".data.host"));
    this.vipTables = new VipTablesMap(map("vip_tables"), this.settings.vip_bucket_mask + 1);
    this.vipCidrs = new VipCidrsMap(map("vip_cidrs"));
    this.rings = new RingsMap(map("rings"));
    this.reals = new RealsMap(map("reals"), this.settings);
    this.down = new DownMap(map("down"));
    this.flows = stack.use(new FlowsMap(map("flows"), this.settings));
    this.globalFlows = new GlobalFlowsMap(map("global_flows"));
    this.serverIds = new ServerIdsMap(map("server_ids"));
    this.sources = new SourcesMap(map("sources_v4"), map("sources_v6"));
    this.decapDestinations = new DecapDestinationsMap(map("decap_destinations"));
    this.counters = new CountersMap({
      counters: map("counters"),
      vipCounters: map("vip_counters"),
      realCounters: map("real_counters"),
    });
    this.vipInfo = new VipInfoMap(map("vip_info"));
    this.realInfo = new RealInfoMap(map("real_info"));
    this.members = new MembersMap(map("members"));
    this.info = new BalancerInfoMap(map("balancer_info"));
    this.#open = stack.move();
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

/**
 * Decodes the frozen settings, which say how a program was loaded.
 *
 * @param rodata The program's map `.rodata`.
 * @throws {DataplaneError} When its maps are of another version of weir.
 */
export function readSettings(rodata: BpfMap): abi.Settings {
  const { version, bytes } = frozenSettings(rodata);
  if (version !== abi.WEIR_ABI_VERSION) {
    throw new DataplaneError({
      action: "use this balancer",
      object: null,
      errno: null,
      reason: `its maps have version ${version}, this weir wants ${abi.WEIR_ABI_VERSION}`,
      hint: 'bring them up to date with "weir upgrade", or use the weir that attached it',
    });
  }
  return decode(abi.Settings, bytes);
}
