import { parseAddress } from "../../core/addr/parse_address.ts";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { tcpFrame } from "../../core/bench/frames.ts";
import { benchReals, GATEWAY_MAC, realsOf } from "../../core/bench/scenario.ts";
import type { Yardstick } from "../../core/bench/types.ts";
import { maglev } from "../../core/ring/maglev.ts";
import { BpfMap, type MapEntry } from "../bpf_map.ts";
import { BpfObject } from "../bpf_object.ts";
import type { BpfProgram } from "../bpf_program.ts";
import { encode } from "../codec.ts";
import { BPF_MAP_TYPE_LRU_HASH } from "../libbpf/kernel.gen.ts";
import { indexKey } from "../struct_map.ts";
import * as abi from "./bench.gen.ts";
import type { BenchDriver, Traffic } from "./driver.ts";

const VIP = { address: "10.200.1.1", port: 80 };
const IPPROTO_TCP = 6;
/** Flows of a table; balancers of this kind are run with millions. */
const MAX_FLOWS = 2 ** 20;
const FRAMES = [tcpFrame(VIP)];

/** What the reference is measured with: known flows of TCP over IPv4. */
export const REFERENCE_TRAFFIC: Readonly<Record<Yardstick, Traffic>> = {
  hot: { frames: FRAMES, flows: 1, order: "random" },
  "64k": { frames: FRAMES, flows: 2 ** 16, order: "random" },
};

/** The classical balancer, loaded and set up. */
export class ReferenceTarget implements Disposable {
  readonly program: BpfProgram;
  readonly #open: DisposableStack;

  /**
   * @param object The ELF file, dist/bpf/reference.bpf.o.
   * @param cpu The CPU that will run it: flow tables are one for each.
   * @throws {DataplaneError} When the kernel refuses.
   */
  constructor(object: Uint8Array, cpu: number) {
    using open = new DisposableStack();
    const loaded = open.use(BpfObject.open("reference", object));
    loaded.load();
    this.program = open.use(loaded.program("reference"));
    fill(loaded, cpu);
    this.#open = open.move();
  }

  /**
   * Lets it learn its flows, in ascending order.
   *
   * @param driver Sends their packets.
   */
  warmUp(driver: BenchDriver): void {
    const traffic = REFERENCE_TRAFFIC["64k"];
    driver.run(this.program, { ...traffic, order: "ascending" }, traffic.flows);
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

function fill(object: BpfObject, cpu: number): void {
  const addr = parseAddress(VIP.address)?.bytes ?? new Uint8Array(16);
  const reals = benchReals();
  using vips = object.map("vips");
  vips.update(
    encode(abi.ReferenceVipKey, { addr, port: VIP.port, proto: IPPROTO_TCP }),
    encode(abi.ReferenceVip, { flags: 0, number: 0 }),
  );
  using control = object.map("control");
  const mac = parseMac(GATEWAY_MAC) ?? new Uint8Array(6);
  control.update(indexKey(0), encode(abi.ReferenceControl, { mac }));
  using realsMap = object.map("reals");
  const members = realsOf(4).flatMap((real) => {
    const address = reals.get(real);
    return address === undefined ? [] : [{ real, address, weight: 1 }];
  });
  for (const { real, address } of members) {
    realsMap.update(indexKey(real), encode(abi.ReferenceReal, { addr: address.bytes, flags: 0 }));
  }
  using ring = object.map("ring");
  const slots = [...maglev(members, "maglev-v2")];
  ring.updateBatch(slots.map((real, slot): MapEntry => [indexKey(slot), indexKey(real)]));
  using tables = object.map("flow_tables");
  using table = BpfMap.create({
    name: "flow_table",
    type: BPF_MAP_TYPE_LRU_HASH,
    keySize: abi.ReferenceFlowKey.size,
    valueSize: abi.ReferenceFlow.size,
    maxEntries: MAX_FLOWS,
  });
  tables.update(indexKey(cpu), indexKey(table.fd));
}
