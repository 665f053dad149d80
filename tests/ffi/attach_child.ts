/** Attaches a balancer as a process of its own, to be killed: `attach_child.ts BPFFS INTERFACE`. */
import { attachBalancer } from "../../ffi/attach.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";

const [bpffs = "", ifname = ""] = Deno.args;
attachBalancer({
  balancer: "main",
  ifname,
  mode: "auto",
  version: "0",
  bpffs,
  object: Deno.readFileSync(new URL("../../dist/bpf/lb.bpf.o", import.meta.url)),
  settings: defaultSettings(),
  capacity: { maxVips: 16, maxReals: 64, maxFlows: 1024 },
  host: {
    gateway_mac: new Uint8Array(6),
    gue_source_v4: new Uint8Array(4),
    gue_source_v6: new Uint8Array(16),
  },
});
