import { equal } from "node:assert/strict";
import { isStationMac } from "./is_station_mac.ts";
import { parseMac } from "./parse_mac.ts";

Deno.test("isStationMac() refuses zero, broadcast and multicast", () => {
  for (
    const [text, expected] of [
      ["02:00:00:00:00:01", true],
      ["00:00:00:00:00:01", true],
      ["00:00:00:00:00:00", false],
      ["ff:ff:ff:ff:ff:ff", false],
      ["01:00:5e:00:00:01", false],
      ["33:33:00:00:00:01", false],
    ] as const
  ) equal(isStationMac(parseMac(text) ?? new Uint8Array(0)), expected, text);
});
