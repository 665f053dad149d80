import { deepEqual, equal, throws } from "node:assert/strict";
import type { Desired } from "../state/types.ts";
import { addReal, addVip, deleteReal, deleteVip, setReal, setVip } from "./edit.ts";
import { PlanError } from "./plan_error.ts";
import { address, member, realConfig, vip, vipConfig, wish } from "./test_support.ts";

const WWW = vipConfig("198.51.100.1:80");
const R1 = address("10.0.0.1");
const R2 = address("10.0.0.2");

function one(...reals: Parameters<typeof vip>[1]): Desired {
  return wish(vip("198.51.100.1:80", reals));
}

function messageOf(run: () => unknown): string {
  let text = "";
  throws(run, (error) => {
    if (error instanceof PlanError) text = `${error.message}; ${error.hint}`;
    return error instanceof PlanError;
  });
  return text;
}

Deno.test("addVip() and deleteVip() undo each other", () => {
  deepEqual(deleteVip(WWW)(addVip(WWW)(wish())), wish());
});

Deno.test("addVip() refuses a VIP that exists", () => {
  equal(
    messageOf(() => addVip(WWW)(one())),
    'Cannot add VIP "tcp 198.51.100.1:80": it exists; ' +
      "change it with: weir vip set tcp 198.51.100.1:80",
  );
});

Deno.test("setVip() changes what is given only", () => {
  const [changed] = setVip(WWW, { flags: ["quic"] })(one("10.0.0.1")).vips;
  deepEqual(changed, vip("198.51.100.1:80", ["10.0.0.1"], { flags: ["quic"] }));
});

Deno.test("edits of an unknown VIP name the nearest", () => {
  const near = vipConfig("198.51.100.1:81");
  equal(
    messageOf(() => setVip(near, {})(one())),
    'Cannot change VIP "tcp 198.51.100.1:81": there is no such VIP; ' +
      'did you mean "tcp 198.51.100.1:80"?',
  );
  equal(
    messageOf(() => addReal(vipConfig("[fc00::1]:1"), R1, {})(one())),
    'Cannot add a real to VIP "tcp [fc00::1]:1": there is no such VIP; see: weir vip list',
  );
});

Deno.test("addReal() defaults to weight 1 and keeps settings another VIP's real has", () => {
  const known = { real: realConfig("10.0.0.1", { name: "web1" }), weight: 7, state: null };
  const desired = wish(vip("198.51.100.1:80", []), vip("198.51.100.1:443", [known]));
  const [added] = addReal(WWW, R1, {})(desired).vips;
  deepEqual(added?.members, [{ ...known, weight: 1 }]);
});

Deno.test("addReal() refuses a real that exists", () => {
  equal(
    messageOf(() => addReal(WWW, R1, {})(one("10.0.0.1"))),
    'Cannot add real "10.0.0.1" of VIP "tcp 198.51.100.1:80": it exists; ' +
      "change it with: weir real set tcp 198.51.100.1:80 10.0.0.1",
  );
});

Deno.test("setReal() changes a real's settings in every VIP, its weight in one", () => {
  const desired = wish(
    vip("198.51.100.1:80", ["10.0.0.1"]),
    vip("198.51.100.1:443", ["10.0.0.1", "10.0.0.2"]),
  );
  const [www, tls] = setReal(WWW, R1, { weight: 5, real: { encap: "gue" } })(desired).vips;
  const real = realConfig("10.0.0.1", { encap: "gue" });
  deepEqual(www?.members, [{ real, weight: 5, state: null }]);
  deepEqual(tls?.members, [{ real, weight: 1, state: null }, member("10.0.0.2")]);
});

Deno.test("deleteReal() removes one real and knows its names", () => {
  deepEqual(deleteReal(WWW, R2)(one("10.0.0.1", "10.0.0.2")), one("10.0.0.1"));
  equal(
    messageOf(() => deleteReal(WWW, R2)(one("10.0.0.1"))),
    'Cannot delete real "10.0.0.2" of VIP "tcp 198.51.100.1:80": there is no such real; ' +
      'did you mean "10.0.0.1"?',
  );
});
