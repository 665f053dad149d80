import assert from "node:assert/strict";
import { defaultSettings } from "./default_settings.ts";
import { fitSettings } from "./features.ts";

const NOTHING = { coarseClock: false };

Deno.test("fitSettings() changes nothing where the kernel can do everything", () => {
  const wanted = defaultSettings({ quic: 1 });
  assert.deepEqual(fitSettings(wanted, { coarseClock: true }), { settings: wanted, notes: [] });
});

Deno.test("fitSettings() switches off what is missing, and says so", () => {
  const wanted = defaultSettings({ quic: 1 });
  const { settings, notes } = fitSettings(wanted, NOTHING);
  assert.deepEqual(settings, { ...wanted, coarse_clock: 0 });
  assert.deepEqual(notes, [
    "This kernel has no coarse clock (Linux 5.11): packets that ask the flow table take longer",
  ]);
});

Deno.test("fitSettings() says nothing about what nobody wanted", () => {
  const wanted = defaultSettings({ coarse_clock: 0 });
  assert.deepEqual(fitSettings(wanted, NOTHING), { settings: wanted, notes: [] });
});
