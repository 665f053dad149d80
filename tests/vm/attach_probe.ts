/**
 * Attaches health checks that leave by tunnel devices, in the namespace it is started in:
 * `attach_probe.ts INTERFACE IPIP_DEVICE IP6TNL_DEVICE REAL...`. Mark n goes to the n-th real.
 */
import { parseAddress } from "../../core/addr/parse_address.ts";
import { RealFlag } from "../../ffi/abi.gen.ts";
import { interfaceIndex } from "../../ffi/interfaces.ts";
import { attachProbe, setProbeReal } from "../../ffi/probe.ts";

const [ifname = "", ipip = "", ip6tnl = "", ...reals] = Deno.args;
attachProbe({
  ifname,
  object: Deno.readFileSync(new URL("../../dist/bpf/probe.bpf.o", import.meta.url)),
  settings: { max_packet: 0, gue_port: 6080, ttl: 64 },
  host: {
    ifindex: interfaceIndex(ifname),
    tunnel_v4: interfaceIndex(ipip),
    tunnel_v6: interfaceIndex(ip6tnl),
    // The devices know the way and the sources.
    source_v4: new Uint8Array(4),
    source_v6: new Uint8Array(16),
    local_mac: new Uint8Array(6),
    gateway_mac: new Uint8Array(6),
  },
});
reals.forEach((text, index) => {
  const real = parseAddress(text);
  if (real === null) throw new Error(`Cannot read "${text}" as an address`);
  const flags = real.family === 6 ? RealFlag.REAL_IPV6 : 0;
  setProbeReal(ifname, index + 1, { addr: real.bytes, flags });
});
