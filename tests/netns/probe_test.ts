/** Health checks with a socket mark reach the VIP on the real of that mark. */
import assert from "node:assert/strict";
import { run } from "../../scripts/lab/command.ts";
import { LoadBalancerLab, VIP_V4, VIP_V6 } from "../../scripts/lab/load_balancer_lab.ts";
import { rootTest } from "../support/root_test.ts";

const SOURCE = new URL("../support/marked_get.c", import.meta.url).pathname;

rootTest(
  "a check with a mark reaches the VIP on that mark's real, by IPIP and by GUE",
  async () => {
    await using lab = await LoadBalancerLab.create({ name: "weir-pr", reals: 2, webServers: true });
    for (const { namespace } of lab.reals) {
      await lab.weir(namespace, ["decap", "attach", "eth0"]);
      lab.defer(async () => void await lab.weir(namespace, ["decap", "detach", "eth0"]));
    }
    const client = await Deno.makeTempFile({ prefix: "weir-marked-" });
    lab.defer(() => Deno.remove(client));
    await run(["gcc", "-O1", "-Wall", "-Werror", "-o", client, SOURCE]);
    const { balancer } = lab;
    await lab.weir(balancer, ["probe", "attach", "eth0"]);
    lab.defer(async () => void await lab.weir(balancer, ["probe", "detach", "eth0"]));

    let mark = 0;
    for (const real of lab.reals) {
      for (const outer of [real.v4, real.v6]) {
        for (const encap of [[], ["--gue"]]) {
          mark++;
          await lab.weir(balancer, ["probe", "mark", "add", "eth0", `${mark}`, outer, ...encap]);
          for (const vip of [VIP_V4, VIP_V6]) {
            const answer = await balancer.run([client, `${mark}`, vip, "80"]);
            assert.match(answer, new RegExp(`${real.name}\n$`), `${vip} by ${outer} ${encap}`);
          }
        }
      }
    }
    const unmarked = await balancer.capture([client, `${mark + 1}`, VIP_V4, "80"]);
    assert.notEqual(unmarked.code, 0, "a mark without a real leaves as it is");
    const { counters } = JSON.parse(await lab.weir(balancer, ["probe", "stats", "eth0", "--json"]));
    assert.ok(counters.sent >= mark * 2 * 5 && counters.failed === 0, JSON.stringify(counters));
  },
);
