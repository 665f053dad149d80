import { equal, throws } from "node:assert/strict";
import { formatDuration, parseDuration } from "./parse_duration.ts";

Deno.test("parseDuration() reads what formatDuration() writes", () => {
  for (
    const [text, seconds] of [["90s", 90], ["10m", 600], ["1h30m", 5400], ["2d", 172_800]] as const
  ) {
    equal(parseDuration(text), seconds);
    equal(parseDuration(formatDuration(seconds)), seconds);
  }
  equal(formatDuration(0), "0s");
  equal(formatDuration(3661), "1h1m1s");
});

Deno.test("parseDuration() refuses what is no time", () => {
  for (const text of ["", "10", "m", "0s", "-5s", "1.5h", "10 m", "10m!", "31d"]) {
    throws(() => parseDuration(text), SyntaxError, text);
  }
});
