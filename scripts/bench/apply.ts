import { tcpFrame } from "../../core/bench/frames.ts";
import { XDP_TX } from "../../ffi/libbpf/kernel.gen.ts";
import { run } from "../lab/command.ts";
import { BenchBalancer } from "./balancer.ts";
import type { Measurement } from "./measurement.ts";

const FIRST_PACKET_MS = 250;
const MANY_VIPS_S = 5;
const VIP_KIB = 300;
const RING_KIB = 264;
/** Maps whose size is that of the flow table, whatever the VIPs. */
const FLOW_TABLES: ReadonlySet<string> = new Set(["flows", "global_flows"]);

/** A configuration of VIPs with as many reals each, out of a pool. */
interface Shape {
  readonly vips: number;
  readonly realsPerVip: number;
  readonly pool: number;
  /** By how many reals of the pool a VIP's begin behind those of the VIP before. */
  readonly step: number;
}

/** How long it takes to bring configurations into the kernel, and what they take there. */
export async function measureApply(): Promise<readonly Measurement[]> {
  const folder = await Deno.makeTempDir({ prefix: "weir-bench-" });
  try {
    return [
      ...await firstPacket(`${folder}/one.yaml`),
      ...await manyVips(`${folder}/many.yaml`),
      ...await largest(`${folder}/largest.yaml`),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** From the start of the process until a packet is forwarded. */
async function firstPacket(path: string): Promise<readonly Measurement[]> {
  await Deno.writeTextFile(path, yaml({ vips: 1, realsPerVip: 1000, pool: 1000, step: 0 }));
  await using balancer = await BenchBalancer.attach([]);
  const { bytes } = tcpFrame({ address: addressOf(0), port: 80 });
  using program = balancer.program();
  const begin = performance.now();
  const child = run(balancer.words(["apply", "-f", path]));
  while (program.testRun({ data: bytes }).verdict !== XDP_TX) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const value = performance.now() - begin;
  await child;
  const name = "apply of 1 VIP x 1000 reals, from process start to packets forwarded";
  return [{ name, value, unit: "ms", limit: FIRST_PACKET_MS }];
}

async function manyVips(path: string): Promise<readonly Measurement[]> {
  const shape: Shape = { vips: 1000, realsPerVip: 100, pool: 1000, step: 1 };
  await Deno.writeTextFile(path, yaml(shape));
  await using balancer = await BenchBalancer.attach(["--max-vips", `${shape.vips}`]);
  const ms = await balancer.weir(["apply", "-f", path]);
  const again = await balancer.weir(["apply", "-f", path]);
  const memory = balancer.memory();
  const sum = (ours: boolean) =>
    [...memory].filter(([name]) => FLOW_TABLES.has(name) !== ours)
      .reduce((sum, [, bytes]) => sum + bytes, 0);
  return [
    { name: "apply of 1000 VIPs x 100 reals", value: ms / 1000, unit: "s", limit: MANY_VIPS_S },
    { name: "the same again, nothing to do", value: again / 1000, unit: "s", limit: null },
    {
      ...{ name: "memory of it, less flow tables, per VIP" },
      ...{ value: sum(true) / shape.vips / 1024, unit: "KiB", limit: VIP_KIB },
    },
    {
      ...{ name: "of that, its ring" },
      ...{ value: (memory.get("rings") ?? 0) / shape.vips / 1024, unit: "KiB", limit: RING_KIB },
    },
    {
      ...{ name: "memory of the flow table, of 262,144 flows" },
      ...{ value: sum(false) / 2 ** 20, unit: "MiB", limit: null },
    },
  ];
}

async function largest(path: string): Promise<readonly Measurement[]> {
  const shape: Shape = { vips: 10_000, realsPerVip: 4, pool: 32_000, step: 4 };
  await Deno.writeTextFile(path, yaml(shape));
  await using balancer = await BenchBalancer.attach([
    ...["--max-vips", `${shape.vips}`],
    ...["--max-reals", `${shape.pool + 1}`],
  ]);
  const ms = await balancer.weir(["apply", "-f", path]);
  const last = tcpFrame({ address: addressOf(shape.vips - 1), port: 80 });
  using program = balancer.program();
  if (program.testRun({ data: last.bytes }).verdict !== XDP_TX) {
    throw new Error("The last of 10,000 VIPs does not forward packets");
  }
  const name = "apply of 10,000 VIPs with 32,000 reals";
  return [{ name, value: ms / 1000, unit: "s", limit: null }];
}

/** A configuration file. A VIP's reals stand side by side in the pool, which is a ring. */
function yaml({ vips, realsPerVip, pool, step }: Shape): string {
  const lines = Array.from({ length: vips }, (_, vip) => {
    const reals = Array.from(
      { length: realsPerVip },
      (_, i) => realOf((vip * step + i) % pool),
    );
    const endpoint = `address: ${addressOf(vip)}, port: 80, protocol: tcp`;
    return `  - { ${endpoint}, reals: [${reals.join(", ")}] }`;
  });
  return `vips:\n${lines.join("\n")}\n`;
}

function addressOf(vip: number): string {
  return `10.200.${vip >> 8}.${vip & 255}`;
}

function realOf(real: number): string {
  return `10.${real >> 16}.${real >> 8 & 255}.${real & 255}`;
}
