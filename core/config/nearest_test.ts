import { equal } from "node:assert/strict";
import { nearest } from "./nearest.ts";

Deno.test("nearest() finds a word by swap, gap, extra and wrong letter", () => {
  const keys = ["address", "affinity", "port", "protocol"];
  equal(nearest("adress", keys), "address");
  equal(nearest("affintiy", keys), "affinity");
  equal(nearest("ports", keys), "port");
  equal(nearest("Protokol", keys), "protocol");
});

Deno.test("nearest() finds nothing when nothing is near", () => {
  equal(nearest("weight", ["address", "port"]), null);
  equal(nearest("x", []), null);
});
