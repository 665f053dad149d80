import { type Application, buildApplication, buildRouteMap } from "@stricli/core";
import type { Context } from "./command.ts";
import * as bench from "./commands/bench/commands.ts";
import * as balancer from "./commands/balancer/commands.ts";
import * as config from "./commands/config/commands.ts";
import * as decap from "./commands/decap/commands.ts";
import * as flows from "./commands/flows/commands.ts";
import * as probe from "./commands/probe/commands.ts";
import * as real from "./commands/real/commands.ts";
import * as ring from "./commands/ring/commands.ts";
import * as server from "./commands/server/commands.ts";
import * as shell from "./commands/shell/commands.ts";
import * as source from "./commands/source/commands.ts";
import * as vip from "./commands/vip/commands.ts";
import { integrations } from "./integrations.ts";
import { text } from "./text.ts";

/** The whole command tree; every command's code loads when it runs. */
export const app: Application<Context> = buildApplication(
  buildRouteMap({
    routes: {
      attach: balancer.attach,
      detach: balancer.detach,
      upgrade: balancer.upgrade,
      rollback: balancer.rollback,
      status: balancer.status,
      plan: balancer.plan,
      apply: balancer.apply,
      export: balancer.exporting,
      import: config.importing,
      config: buildRouteMap({
        routes: { check: config.check, schema: config.schema },
        docs: { brief: "Configuration files" },
      }),
      vip: buildRouteMap({
        routes: { add: vip.add, set: vip.set, del: vip.del, list: vip.list },
        docs: { brief: "Virtual IPs: what clients talk to" },
      }),
      real: buildRouteMap({
        routes: {
          add: real.add,
          set: real.set,
          del: real.del,
          list: real.list,
          drain: real.drain,
          undrain: real.undrain,
          down: real.down,
          up: real.up,
        },
        docs: { brief: "Real servers: where packets of a VIP go" },
      }),
      ring: buildRouteMap({
        routes: { show: ring.show, digest: ring.digest, settle: ring.settle },
        docs: { brief: "Rings: which real each flow goes to" },
      }),
      server: buildRouteMap({
        routes: { add: server.add, del: server.del, list: server.list },
        docs: { brief: "Server ids of QUIC, UDP stable and TCP routing" },
      }),
      source: buildRouteMap({
        routes: { add: source.add, del: source.del, list: source.list },
        docs: { brief: "Clients by address: prefixes that go to one real" },
      }),
      flows: buildRouteMap({
        routes: { list: flows.list, get: flows.get, purge: flows.purge, stats: flows.stats },
        docs: { brief: "Flows: those whose real the ring alone does not tell" },
      }),
      stats: balancer.stats,
      watch: balancer.watch,
      events: balancer.events,
      decap: buildRouteMap({
        routes: {
          attach: decap.attach,
          detach: decap.detach,
          stats: decap.stats,
          destination: buildRouteMap({
            routes: {
              add: decap.addDestination,
              del: decap.delDestination,
              list: decap.listDestinations,
            },
            docs: { brief: "On a balancer: addresses whose tunnel packets are taken apart" },
          }),
        },
        docs: { brief: "Strip outer headers, on reals and on balancers" },
      }),
      probe: buildRouteMap({
        routes: {
          attach: probe.attach,
          detach: probe.detach,
          stats: probe.stats,
          mark: buildRouteMap({
            routes: { add: probe.addMark, del: probe.delMark, list: probe.listMarks },
            docs: { brief: "Which real packets with a mark go to" },
          }),
        },
        docs: { brief: "Health checks of VIPs on single reals" },
      }),
      bench: bench.bench,
      version: shell.version,
      completion: shell.completion,
    },
    docs: { brief: "Layer-4 load balancer on XDP" },
  }),
  {
    name: "weir",
    scanner: { caseStyle: "allow-kebab-for-camel" },
    localization: { text },
  },
  integrations,
);
