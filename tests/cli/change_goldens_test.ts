import { ticks } from "../../core/plan/plan_options.ts";
import { runCli } from "../../cli/run.ts";
import { golden, populate, VIP } from "./golden.ts";
import { sampleAt } from "./sample_at.ts";

const CONFIG = `balancer: { max-vips: 16, mode: generic }
reals:
  web1: { address: 10.0.0.1 }
vips:
  - name: www
    address: 198.51.100.10
    port: 80
    protocol: tcp
    reals:
      - { real: web1, weight: 3 }
      - 10.0.0.2
  - { address: "2001:db8::1", port: any, protocol: udp, encap: gue, reals: [web1] }
`;

golden("files", async (shell) => {
  shell.file("weir.yaml", CONFIG);
  await shell.run("config check -f weir.yaml");
  await shell.run("attach eth0 -f weir.yaml");
  await shell.run("plan -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  shell.file(
    "weir.yaml",
    CONFIG.replace("weight: 3", "weight: 1").replace("- 10.0.0.2", "- 10.0.0.3"),
  );
  await shell.run("plan -f weir.yaml");
  await shell.run("plan -f weir.yaml --json");
  await shell.run("apply -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run("export");
  shell.note("what it exports is a file that changes nothing");
  shell.host.files.set("exported.yaml", shell.host.stdout.text);
  await shell.run("plan -f exported.yaml");
  shell.file("empty.yaml", "vips: []\n");
  await shell.run("apply -f empty.yaml");
  await shell.run("apply -f empty.yaml --allow-empty --now");
  await shell.run("real list");
});

golden("blast_radius", async (shell) => {
  await populate(shell);
  const { host } = shell;
  const { main } = host;
  let second = 10;
  const counters = () => {
    const sample = sampleAt(second, 1_000_000n + BigInt(Math.round((second - 10) * 4000)));
    const few = [3, 4].map((real) => [real, { packets: 1n, bytes: 60n }] as const);
    return { ...sample, reals: new Map([...sample.reals, ...few]) };
  };
  main.sample = counters();
  host.onSleep = (ms) => {
    second += ms / 1000;
    main.sample = counters();
  };
  const [source, far] = [new Uint8Array(16), { vip: 0, family: 4, destinationPort: 80 } as const];
  main.flowEntries = [1, 2].map((sourcePort) => ({
    ...far,
    ...{ source, sourcePort, real: 2, lastSeen: main.ticks },
  }));
  const file = (reals: string) =>
    `vips: [{ name: www, address: 198.51.100.10, port: 80, protocol: tcp, reals: [${reals}] }]\n`;
  const web1 = "{ address: 10.0.0.1, weight: 3 }";
  shell.file("soft.yaml", file(web1));
  await shell.run("plan -f soft.yaml");
  shell.note("the same, hard");
  await shell.run("plan -f soft.yaml --now");
  shell.note("nobody is there to be asked");
  await shell.run("apply -f soft.yaml --now");
  await shell.run("apply -f soft.yaml --now --json");
  shell.note("here somebody is, and says no");
  host.answer = false;
  await shell.run("apply -f soft.yaml --now");
  shell.note("what breaks nothing is not asked about");
  shell.file("new.yaml", file(`${web1}, "fc00::2", 10.0.0.3`));
  await shell.run("apply -f new.yaml");
  shell.note("yes, but another command comes in between");
  host.answer = true;
  let once = true;
  const { lock } = host;
  host.lock = async (...args) => {
    if (once) {
      once = false;
      await runCli(["real", "add", ...VIP.split(" "), "10.0.0.4"], host);
    }
    return await lock.apply(host, args);
  };
  await shell.run("apply -f soft.yaml --now");
  shell.file("down.yaml", file("{ address: 10.0.0.1, state: down }"));
  await shell.run("apply -f down.yaml --yes");
  await shell.run("apply -f down.yaml --yes --allow-empty");
  shell.note("it has none already, so leaving it so is no refusal");
  await shell.run("apply -f down.yaml");
});

golden("drain", async (shell) => {
  await populate(shell);
  const { host } = shell;
  const { main } = host;
  const begin = host.time;
  const flowOf = (sourcePort: number) => ({
    ...{ vip: 0, family: 4, destinationPort: 80, real: 2, lastSeen: main.ticks } as const,
    ...{ source: new Uint8Array(16), sourcePort },
  });
  host.onSleep = (ms) => {
    const seconds = (host.time - begin) / 1000;
    main.ticks += ticks(ms / 1000);
    main.sample = sampleAt(seconds, BigInt(Math.round(1000 * Math.min(seconds, 20))));
    // Four flows; one after the other falls silent, five seconds apart.
    const alive = [1, 2, 3, 4].filter((port) => seconds < 5 * port);
    main.flowEntries = [1, 2, 3, 4].map((port) =>
      alive.includes(port) ? flowOf(port) : { ...flowOf(port), lastSeen: 1 }
    );
  };
  await shell.run(`real drain ${VIP} fc00::2 --wait 2m --quiet 15s`);
  shell.note("not long enough");
  host.onSleep = (ms) => {
    main.ticks += ticks(ms / 1000);
    main.flowEntries = [flowOf(1)];
  };
  await shell.run(`real drain ${VIP} fc00::2 --wait 12s --quiet 15s --json`);
  shell.note("on a terminal, interrupted");
  host.terminal = { isTerminal: true, columns: 80, rows: 24 };
  host.onSleep = () => host.controller.abort();
  await shell.run(`real drain ${VIP} fc00::2 --wait 1h`);
  await shell.run(`real drain ${VIP} fc00::2 --wait soon`);
});

golden("ramp", async (shell) => {
  await populate(shell);
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:3:45s`);
  await shell.run(`real list ${VIP}`);
  await shell.run(`real set ${VIP} fc00::2 --ramp 3:1:10s --json`);
  shell.note("another command changes the weight in between");
  shell.host.onSleep = () => {
    shell.host.main.members.get(0)?.set(2, { weight: 7, state: "up" });
  };
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:100:5m`);
  shell.note("interrupted");
  shell.host.onSleep = (ms) => {
    if (ms > 0) shell.host.controller.abort();
  };
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:100:5m`);
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:100`);
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:70000:5m`);
  await shell.run(`real set ${VIP} fc00::2 --ramp 0:100:5m --weight 3`);
});

golden("settle", async (shell) => {
  await populate(shell);
  await shell.run(`real del ${VIP} 10.0.0.1`);
  await shell.run("ring settle");
  shell.note("three hours later");
  shell.host.main.ticks += ticks(3 * 3600);
  await shell.run(`ring settle ${VIP}`);
  await shell.run("ring settle --json");
});

golden("rollback", async (shell) => {
  await shell.run("rollback");
  await shell.run("attach eth0 --feature none");
  await shell.run("rollback");
  await shell.run("upgrade --feature quic");
  await shell.run("rollback");
  await shell.run("rollback");
  await shell.run("vip add udp 198.51.100.10:443 --flag quic");
  await shell.run("rollback");
  await shell.run("attach eth1");
});

golden("import", async (shell) => {
  shell.file(
    "ipvs.txt",
    `-A -t 198.51.100.10:80 -s rr
-a -t 198.51.100.10:80 -r 10.0.0.1:80 -i -w 3
-A -f 7 -s mh
`,
  );
  await shell.run("import ipvsadm ipvs.txt");
  shell.file(
    "keepalived.conf",
    "virtual_server 198.51.100.10 80 {\n  lb_algo mh\n  lb_kind TUN\n}\n",
  );
  await shell.run("import keepalived keepalived.conf");
  await shell.run("import katran ipvs.txt");
  await shell.run("import nginx ipvs.txt");
  await shell.run("import katran missing.txt");
});

golden("balancers", async (shell) => {
  await shell.run("attach eth1 --balancer edge");
  await shell.run("status");
  await shell.run("attach eth0");
  await shell.run(`vip add ${VIP} --balancer edge`);
  await shell.run("status");
  await shell.run("status --balancer main");
  await shell.run("vip list");
  await shell.run("vip list --balancer edge");
  await shell.run("detach --balancer edge");
  await shell.run("status --balancer edge");
  await shell.run("attach eth1 --balancer main");
});
