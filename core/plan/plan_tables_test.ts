import { deepEqual, equal, throws } from "node:assert/strict";
import { parsePrefix } from "../addr/parse_prefix.ts";
import type { Prefix } from "../addr/types.ts";
import { FakeDataplane } from "../fake_dataplane.ts";
import { desiredOf } from "../state/desired_of.ts";
import type { DecapAction, Desired, DesiredTables } from "../state/types.ts";
import {
  deleteDestination,
  deleteServer,
  deleteSource,
  setDestination,
  setServer,
  setSource,
} from "./edit_tables.ts";
import { setReal } from "./edit.ts";
import { PlanError } from "./plan_error.ts";
import {
  address,
  applyOn,
  flow,
  planOn,
  realConfig,
  upkeepOn,
  vip,
  vipConfig,
  wish,
} from "./test_support.ts";

function prefix(text: string): Prefix {
  const found = parsePrefix(text);
  if (found === null) throw new Error(`Not a prefix: "${text}"`);
  return found;
}

function tables(change: Partial<DesiredTables>): Desired {
  return { vips: [], tables: { servers: [], sources: [], destinations: [], ...change } };
}

const SERVER = { id: 7, real: realConfig("10.0.0.1") };
const SOURCE = { prefix: prefix("192.0.2.0/24"), real: realConfig("10.0.0.2") };

Deno.test("planDesired() writes tables after their reals, and wanting them again writes nothing", () => {
  const fake = new FakeDataplane();
  const destination = { address: address("172.31.0.1"), action: "pass" as DecapAction };
  const desired = tables({ servers: [SERVER], sources: [SOURCE], destinations: [destination] });
  const { writes, changes } = applyOn(fake, desired);
  const at = (op: string) => writes.findIndex((write) => write.op === op);
  equal(writes.findLastIndex(({ op }) => op === "real") < at("server-id"), true);
  deepEqual(changes, [
    { kind: "entry-added", table: "server", key: "7", value: "10.0.0.1" },
    { kind: "entry-added", table: "source", key: "192.0.2.0/24", value: "10.0.0.2" },
    { kind: "entry-added", table: "destination", key: "172.31.0.1", value: "pass" },
  ]);
  deepEqual(fake.servers, new Map([[7, 1]]));
  equal(planOn(fake, desired).writes.length, 0);
  equal(planOn(fake, desiredOf(fake.readState())).writes.length, 0);
});

Deno.test("planDesired() writes an id before the VIP that needs it, and takes it away after", () => {
  const fake = new FakeDataplane();
  const quic = vip("198.51.100.1:443", ["10.0.0.9"], { protocol: "udp", flags: ["quic"] });
  const both = { ...tables({ servers: [SERVER] }), vips: [quic] };
  const ops = (desired: Desired) => planOn(fake, desired).writes.map(({ op }) => op);
  const coming = ops(both);
  equal(coming.indexOf("server-id") < coming.indexOf("vip-table"), true);
  applyOn(fake, both);
  const going = ops(wish());
  equal(going.indexOf("vip-table") < going.indexOf("server-id"), true);
  equal(going.indexOf("server-id") < going.indexOf("real-info"), true);
});

Deno.test("a real that only a table names is there until no table and no flow names it", () => {
  const fake = new FakeDataplane();
  const www = vip("198.51.100.1:80", []);
  applyOn(fake, { ...tables({ servers: [SERVER] }), vips: [www] });
  deepEqual([...fake.readState().reals.values()].map(({ retired }) => retired), [false]);
  fake.flowEntries = [flow(fake, 0, 1)];
  applyOn(fake, wish(www));
  deepEqual([...fake.readState().reals.values()].map(({ retired }) => retired), [true]);
  fake.flowEntries = [];
  deepEqual(upkeepOn(fake).freed, ["10.0.0.1"]);
});

Deno.test("planDesired() changes the real of an id and the action of a destination", () => {
  const fake = new FakeDataplane();
  const at = address("172.31.0.1");
  applyOn(fake, setDestination(at, "balance")(tables({ servers: [SERVER] })));
  const moved = setServer(7, address("10.0.0.3"))(desiredOf(fake.readState()));
  const { changes } = applyOn(fake, setDestination(at, "return")(moved));
  deepEqual(changes, [
    { kind: "entry-changed", table: "server", key: "7", from: "10.0.0.1", to: "10.0.0.3" },
    {
      kind: "entry-changed",
      table: "destination",
      key: "172.31.0.1",
      from: "balance",
      to: "return",
    },
  ]);
  deepEqual([...fake.realInfo.values()].map(({ config }) => config.address.text), ["10.0.0.3"]);
});

Deno.test("edits of tables undo each other, and deleting what is not there is refused", () => {
  const { prefix: net } = SOURCE;
  const at = address("172.31.0.1");
  deepEqual(deleteServer(7)(setServer(7, address("10.0.0.1"))(tables({}))), tables({}));
  deepEqual(deleteSource(net)(setSource(net, address("10.0.0.1"))(tables({}))), tables({}));
  deepEqual(deleteDestination(at)(setDestination(at, "pass")(tables({}))), tables({}));
  const missing = [deleteServer(7), deleteSource(net), deleteDestination(at)];
  for (const edit of missing) throws(() => edit(wish()), PlanError);
});

Deno.test("a real keeps its settings in every table", () => {
  const key = vipConfig("198.51.100.1:80");
  const desired = {
    ...tables({ servers: [SERVER] }),
    vips: [vip("198.51.100.1:80", ["10.0.0.1"])],
  };
  const changed = setReal(key, address("10.0.0.1"), { real: { encap: "gue" } })(desired);
  equal(changed.tables?.servers[0]?.real.encap, "gue");
  const again = setSource(SOURCE.prefix, address("10.0.0.1"))(changed);
  equal(again.tables?.sources[0]?.real.encap, "gue");
});
