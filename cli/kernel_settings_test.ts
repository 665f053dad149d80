import { deepEqual, equal } from "node:assert/strict";
import { settingChanges } from "../core/config/settings.ts";
import { parseConfig } from "../core/config/parse_config.ts";
import { FEATURES } from "../core/state/words.ts";
import { defaultSettings } from "../ffi/default_settings.ts";
import {
  givenHostSettings,
  kernelSettings,
  settingsFeatures,
  settingsOf,
} from "./kernel_settings.ts";

Deno.test("kernelSettings() of nothing are the defaults", () => {
  deepEqual(kernelSettings({}, []), defaultSettings());
});

Deno.test("kernelSettings() turn on what is asked for", () => {
  const settings = kernelSettings({ echo: "any", tooBig: false, ttl: 9, guePort: 1 }, ["quic"]);
  equal(settings.quic, 1);
  equal(settings.gue, 0);
  deepEqual([settings.echo, settings.too_big, settings.ttl, settings.gue_port], [2, 0, 9, 1]);
});

Deno.test("settingsFeatures() reads what kernelSettings() wrote", () => {
  for (const feature of FEATURES) {
    deepEqual(settingsFeatures(kernelSettings({}, [feature])), [feature]);
  }
});

const HOST = {
  gateway_mac: Uint8Array.of(2, 0, 0, 0, 0, 1),
  gue_source_v4: new Uint8Array(4),
  gue_source_v6: new Uint8Array(16),
};

Deno.test("settingsOf() reads back what kernelSettings() and givenHostSettings() wrote", () => {
  const result = parseConfig(
    `vips: []
balancer:
  gateway-mac: 02:00:00:00:00:07
  echo: any
  pmtu: { too-big: false, rate: 4, path-mtu: 1400 }
  conn-rate: 5
  max-frame: 9014
  ttl: 6
  tcp-idle: 86400
  udp-idle: 31
  udp-grace: 7
  gue: { port: 7, source-v4: 192.0.2.1, source-v6: fc00::1 }
  ipip: { source-v4: 10.1.0.0/16, source-v6: "100:1::/96" }
  quic: { lb: { 0: 2, 6: 4 } }
  decap: { ipip: true, gue: true, any: true }
  events: true
  compat: katran
`,
    "weir.yaml",
  );
  if (!result.ok) throw new Error(result.errors[0]?.message);
  const wanted = result.config.balancer;
  const host = { ...HOST, ...givenHostSettings(wanted) };
  deepEqual(settingsOf(kernelSettings(wanted, []), host), wanted);
});

Deno.test("settingsOf() the defaults says what is missing with null", () => {
  const settings = settingsOf(defaultSettings(), HOST);
  deepEqual([settings.gueSourceV4, settings.gueSourceV6], [null, null]);
  deepEqual([settings.tcpIdle, settings.udpIdle, settings.udpGrace], [7200, 30, 30]);
  deepEqual(settingChanges(settings, { gueSourceV4: null, quicLb: {} }), []);
});
