import { deepEqual, equal } from "node:assert/strict";
import { FEATURES } from "../core/state/words.ts";
import { defaultSettings } from "../ffi/default_settings.ts";
import { kernelSettings, settingsFeatures, settingsTimes } from "./kernel_settings.ts";

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

Deno.test("settingsTimes() reads seconds back", () => {
  const times = { tcpIdle: 86_400, udpIdle: 31, udpGrace: 7 };
  deepEqual(settingsTimes(kernelSettings(times, [])), times);
  deepEqual(settingsTimes(defaultSettings()), {
    tcpIdle: 7200,
    udpIdle: 30,
    udpGrace: 30,
  });
});
