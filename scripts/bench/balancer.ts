import { BpfMap } from "../../ffi/bpf_map.ts";
import type { BpfProgram } from "../../ffi/bpf_program.ts";
import { BPF_MAP_TYPE_ARRAY_OF_MAPS } from "../../ffi/libbpf/kernel.gen.ts";
import { Pins } from "../../ffi/pins.ts";
import { keyIndex } from "../../ffi/struct_map.ts";
import { run } from "../lab/command.ts";
import { WEIR } from "../lab/load_balancer_lab.ts";

const GATEWAY_MAC = "02:00:00:00:00:09";

/** A balancer of its own on a pair of interfaces of its own; both go with it. */
export class BenchBalancer implements AsyncDisposable {
  readonly name = `bench-${Deno.pid}`;
  readonly #interface = `wbench${Deno.pid % 100_000}`;

  private constructor() {}

  /**
   * Attaches one.
   *
   * @param flags Of `weir attach`: sizes.
   */
  static async attach(flags: readonly string[]): Promise<BenchBalancer> {
    const balancer = new BenchBalancer();
    await run(["ip", "link", "add", balancer.#interface, "type", "veth"]);
    try {
      await balancer.weir(["attach", balancer.#interface, "--gateway-mac", GATEWAY_MAC, ...flags]);
    } catch (error) {
      await run(["ip", "link", "delete", balancer.#interface]);
      throw error;
    }
    return balancer;
  }

  /**
   * The words of a command line for this balancer.
   *
   * @param args What stands behind `weir`.
   */
  words(args: readonly string[]): readonly string[] {
    return [...WEIR, ...args, "--balancer", this.name];
  }

  /**
   * Runs a command, which must succeed.
   *
   * @param args What stands behind `weir`.
   * @returns How long it took, ms.
   */
  async weir(args: readonly string[]): Promise<number> {
    const begin = performance.now();
    await run(this.words(args));
    return performance.now() - begin;
  }

  /** The program on the interface. */
  program(): BpfProgram {
    return new Pins(this.name).openProgram();
  }

  /**
   * Kernel memory of its maps by name; what maps of maps hold is counted with them.
   *
   * @returns Bytes.
   */
  memory(): ReadonlyMap<string, number> {
    const folder = `${new Pins(this.name).path}/maps`;
    return new Map([...Deno.readDirSync(folder)].map(({ name }) => {
      using map = BpfMap.open(`${folder}/${name}`);
      return [name, memoryOf(map)];
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.weir(["detach"]);
    await run(["ip", "link", "delete", this.#interface]);
  }
}

function memoryOf(map: BpfMap): number {
  const info = Deno.readTextFileSync(`/proc/self/fdinfo/${map.fd}`);
  let bytes = Number(/^memlock:\s*(\d+)$/m.exec(info)?.[1] ?? 0);
  if (map.info.type !== BPF_MAP_TYPE_ARRAY_OF_MAPS) return bytes;
  for (const [, id] of map.entries()) {
    using inner = BpfMap.byId(keyIndex(id));
    bytes += memoryOf(inner);
  }
  return bytes;
}
