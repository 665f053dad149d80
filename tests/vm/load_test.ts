/** The verifier of this kernel takes every program, with nothing and with everything on. */
import assert from "node:assert/strict";
import type { BpfObject } from "../../ffi/bpf_object.ts";
import { loadDecap } from "../../ffi/decap.ts";
import { type BalancerSettings, defaultSettings } from "../../ffi/default_settings.ts";
import { loadBalancer } from "../../ffi/load_balancer.ts";
import { loadProbe } from "../../ffi/probe.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";

/** A program may walk a million; what is left is for kernels to come. */
const BUDGET = 400_000;
const BALANCER_PROGRAMS = ["weir_lb", "weir_lb_inner"];

const BALANCERS: readonly (readonly [string, Partial<BalancerSettings>])[] = [
  ["default settings", {}],
  ["everything switched on", everything()],
  ["everything switched on, katran's verdicts", { ...everything(), compat_katran: 1 }],
];

for (const [name, settings] of BALANCERS) {
  rootTest(`lb.bpf.o loads with ${name}`, async (t) => {
    using object = loadBalancer({
      object: await bpfObject("lb"),
      settings: defaultSettings(settings),
      capacity: { maxVips: 1024, maxReals: 4096, maxFlows: 65536 },
      host: {
        gateway_mac: new Uint8Array(6),
        gue_source_v4: new Uint8Array(4),
        gue_source_v6: new Uint8Array(16),
      },
    });
    await checkBudget(t, object, BALANCER_PROGRAMS);
  });
}

for (const on of [0, 1]) {
  rootTest(`decap.bpf.o loads with everything ${on === 1 ? "on" : "off"}`, async (t) => {
    using object = loadDecap({
      object: await bpfObject("decap"),
      settings: {
        server_id: on,
        gue_port: 6080,
        ipip: on,
        gue: on,
        any_destination: 0,
        per_vip: on,
        compat_katran: on,
      },
      addresses: [],
    });
    await checkBudget(t, object, ["weir_decap"]);
  });
}

rootTest("probe.bpf.o loads", async (t) => {
  using object = loadProbe({
    object: await bpfObject("probe"),
    settings: { max_packet: 1500, gue_port: 6080, ttl: 64 },
    host: {
      ifindex: 1,
      tunnel_v4: 0,
      tunnel_v6: 0,
      source_v4: new Uint8Array(4),
      source_v6: new Uint8Array(16),
      local_mac: new Uint8Array(6),
      gateway_mac: new Uint8Array(6),
    },
  });
  await checkBudget(t, object, ["weir_probe"]);
});

/** Whatever is off by default, so that no feature of tomorrow is forgotten here. */
function everything(): Partial<BalancerSettings> {
  const defaults = defaultSettings();
  const off = Object.entries(defaults).filter(([, value]) => value === 0);
  return {
    ...Object.fromEntries(off.map(([name]) => [name, 1])),
    compat_katran: 0,
    path_mtu: 1500,
    quic_lb_id_length: defaults.quic_lb_id_length.map(() => 4),
  };
}

/** The number is in the step's name, so that a run tells it. */
async function checkBudget(
  t: Deno.TestContext,
  object: BpfObject,
  programs: readonly string[],
): Promise<void> {
  for (const name of programs) {
    using program = object.program(name);
    const walked = program.info().verified_insns;
    // Linux 5.10 keeps no count.
    const text = walked === 0 ? "not counted" : `${walked} instructions`;
    await t.step(`${name}: ${text}`, () => assert.ok(walked <= BUDGET));
  }
}
