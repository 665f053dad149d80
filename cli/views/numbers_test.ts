import { equal } from "node:assert/strict";
import { grouped, percent, short, timeText } from "./numbers.ts";

Deno.test("short() keeps three digits and takes the prefix that fits", () => {
  equal(short(0), "0");
  equal(short(7), "7");
  equal(short(7.25), "7.25");
  equal(short(12.34), "12.3");
  equal(short(123.4), "123");
  equal(short(999.6), "1.00 k");
  equal(short(12_345_678, "bit/s"), "12.3 Mbit/s");
  equal(short(5, "bit/s"), "5 bit/s");
});

Deno.test("grouped() sets thousands apart, beyond 2^53 too", () => {
  equal(grouped(999), "999");
  equal(grouped(1234567), "1,234,567");
  equal(grouped(9_007_199_254_740_993n), "9,007,199,254,740,993");
});

Deno.test("percent() of nothing is 0 %", () => {
  equal(percent(1, 3), "33.33 %");
  equal(percent(0, 0), "0.00 %");
});

Deno.test("timeText() is UTC", () => {
  equal(timeText(1_795_378_623), "2026-11-22 20:17:03Z");
});
