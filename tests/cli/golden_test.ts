import type { Sample } from "../../core/metrics/types.ts";
import { ticks } from "../../core/plan/plan_options.ts";
import { runCli } from "../../cli/run.ts";
import { golden, populate, VIP } from "./golden.ts";

golden("help", async (shell) => {
  await shell.run("");
  await shell.run("--help");
  await shell.run("--version");
  await shell.run("version --json");
  await shell.run("real --help");
  await shell.run("vip add --help");
  await shell.run("attach --help");
});

golden("usage", async (shell) => {
  await shell.run("vpi list");
  await shell.run("vip ad");
  await shell.run("vip add tcp");
  await shell.run("vip add tcp 198.51.100.10");
  await shell.run("vip add tcp 198.51.100.10:70000");
  await shell.run("vip add tcp 198.51.100.10:http");
  await shell.run("vip add tcp 198.51.100.300:80");
  await shell.run("vip add tcp [fc00::1]:");
  await shell.run("vip add tcp 198.51.100.10:80 --name \u001b[31mred");
  await shell.run(`vip add tcp 198.51.100.10:80 --name ${"long".repeat(50)}`);
  await shell.run("upgrade --ttl 3");
  await shell.run("vip add sctp 198.51.100.10:80");
  await shell.run("vip add tcp fc00::1:80");
  await shell.run("vip add tcp fc00::1");
  await shell.run("vip add tcp 198.51.100.10/24:80");
  await shell.run("vip add tcp 198.51.100.10:80 --flag quik");
  await shell.run("vip add tcp 198.51.100.10:80 --flgs quic");
  await shell.run("vip set tcp 198.51.100.10:80");
  await shell.run("vip set tcp 198.51.100.10:80 --flag none --flag quic");
  await shell.run("real add tcp 198.51.100.10:80 10.0.0.0/8");
  await shell.run("real add tcp 198.51.100.10:80 web1");
  await shell.run("real add tcp 198.51.100.10:80 0.0.0.0");
  await shell.run("real add tcp 198.51.100.10:80 10.0.0.1 --weight 65536");
  await shell.run("real add tcp 198.51.100.10:80 10.0.0.1 --weight -1");
  await shell.run("real set tcp 198.51.100.10:80 10.0.0.1");
  await shell.run("real list tcp");
  await shell.run("status --balancer ../main");
  await shell.run("attach eth0 --gateway-mac 1:2:3");
  await shell.run("attach eth0 --mode fast");
  await shell.run("watch --interval 0");
  await shell.run("status now");
});

golden("not_attached", async (shell) => {
  await shell.run("status");
  await shell.run("vip list");
  await shell.run("vip add tcp 198.51.100.10:80");
  await shell.run("detach --balancer edge");
  shell.host.uid = 1000;
  shell.note("as user 1000");
  await shell.run("vip list");
  await shell.run("attach eth0");
});

golden("vips_and_reals", async (shell) => {
  await populate(shell);
  await shell.run("vip list");
  await shell.run("real list");
  await shell.run("status");
  await shell.run("vip set tcp 198.51.100.10:80 --encap gue --flag no-source-port");
  await shell.run(`real set ${VIP} 10.0.0.1 --weight 1 --encap ipip`);
  await shell.run(`real set ${VIP} 10.0.0.1 --weight 1`);
  await shell.run(`real drain ${VIP} 10.0.0.1`);
  await shell.run(`real down ${VIP} fc00::2`);
  await shell.run("real list");
  await shell.run("status");
  await shell.run(`real undrain ${VIP} fc00::2`);
  await shell.run(`real up ${VIP} fc00::2`);
  await shell.run(`real undrain ${VIP} 10.0.0.1`);
  await shell.run(`real del ${VIP} 10.0.0.1`);
  await shell.run(`real list ${VIP}`);
  await shell.run("real list");
  await shell.run(`real del ${VIP} fc00::2`);
  await shell.run(`vip del ${VIP}`);
  await shell.run("vip list");
  await shell.run("real list");
});

golden("mistakes", async (shell) => {
  await populate(shell);
  await shell.run(`vip add ${VIP}`);
  await shell.run("vip del tcp 198.51.100.11:80");
  await shell.run("vip add tcp 198.51.100.10:443 --flag quic");
  await shell.run(`real add ${VIP} 10.0.0.1`);
  await shell.run("real add tcp 198.51.100.99:8080 10.0.0.9");
  await shell.run(`real del ${VIP} 10.0.0.2`);
  await shell.run("ring show tcp 198.51.100.10:81");
  await shell.run("real list udp 198.51.100.10:80");
  await shell.run("attach eth1");
  await shell.run("vip list");
});

golden("full", async (shell) => {
  await shell.run("attach eth0 --max-vips 1 --max-reals 2");
  await shell.run(`vip add ${VIP}`);
  await shell.run("vip add tcp 198.51.100.11:80");
  await shell.run(`real add ${VIP} 10.0.0.1`);
  await shell.run(`real add ${VIP} 10.0.0.2`);
  await shell.run("real list");
});

golden("features", async (shell) => {
  await shell.run("attach eth0 --feature none");
  await shell.run("vip add udp 198.51.100.0/24:443 --flag quic");
  await shell.run("upgrade --feature cidr --feature quic");
  await shell.run("vip add udp 198.51.100.0/24:443 --flag quic");
});

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

golden("file_mistakes", async (shell) => {
  shell.file(
    "weir.yaml",
    `vips:
  - adress: 198.51.100.10
    port: 70000
    protocol: tcp
    reals: [{ address: 10.0.0.1, weight: heavy }]
`,
  );
  await shell.run("config check -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run("attach eth0 -f weir.yaml");
  await shell.run("status");
  await shell.run("config check -f missing.yaml");
  await shell.run("config check");
});

golden("rings", async (shell) => {
  await populate(shell);
  await shell.run(`ring show ${VIP}`);
  await shell.run("ring digest");
  await shell.run(`real drain ${VIP} fc00::2`);
  await shell.run(`ring show ${VIP}`);
  await shell.run(`ring show ${VIP} --json`);
  await shell.run(`ring digest ${VIP} --json`);
  await shell.run("vip add udp 198.51.100.10:53");
  await shell.run("ring show udp 198.51.100.10:53");
  await shell.run("ring digest");
});

golden("json", async (shell) => {
  await populate(shell);
  await shell.run("vip list --json");
  await shell.run("real list --json");
  await shell.run("status --json");
  await shell.run(`real down ${VIP} fc00::2 --json`);
  await shell.run("detach --json");
});

golden("interrupted", async (shell) => {
  await populate(shell);
  const { main } = shell.host;
  shell.note("the fourth write fails");
  main.failAt = { write: main.written + 3, error: dataplaneError() };
  await shell.run(`real down ${VIP} fc00::2`);
  main.failAt = null;
  await shell.run("status");
  await shell.run(`real list ${VIP}`);
  await shell.run(`real set ${VIP} 10.0.0.1 --weight 2`);
  await shell.run("status");
  shell.note("the first write that changes something fails");
  main.failAt = { write: main.written + 1, error: dataplaneError() };
  await shell.run(`real up ${VIP} fc00::2`);
  main.failAt = null;
  await shell.run("status");
  shell.note("the first write of a repair fails");
  main.sequence++;
  main.failAt = { write: main.written, error: dataplaneError() };
  await shell.run(`real up ${VIP} fc00::2`);
  await shell.run("status");
  shell.note("another command holds the lock");
  shell.host.holder = '"weir apply -f weir.yaml" (pid 7)';
  await shell.run(`real up ${VIP} fc00::2`);
  shell.note("somebody took the program off");
  const attachment = shell.host.attachments.get("main");
  if (attachment) shell.host.attachments.set("main", { ...attachment, programId: null });
  await shell.run("status");
});

golden("generic", async (shell) => {
  shell.host.fallback = 'Cannot attach in mode "native": Operation not supported (EOPNOTSUPP)';
  await shell.run("attach eth0");
  await shell.run("attach eth1 --balancer edge --mode generic --gateway-mac 02:AA:00:00:00:01");
  await shell.run("status --balancer edge");
  await shell.run("detach --balancer edge");
});

golden("counters", async (shell) => {
  await populate(shell);
  const { main } = shell.host;
  main.sample = sampleAt(0, 0n);
  await shell.run("stats");
  main.sample = sampleAt(1, 12_345_678n);
  await shell.run("stats");
  await shell.run("stats --json");
  let second = 1;
  shell.host.onSleep = (ms) => {
    second += ms / 1000;
    main.sample = sampleAt(second, BigInt(second) * 12_345_678n);
  };
  await shell.run("watch --count 2 --interval 2");
  await shell.run("watch --count 2 --jsonl");
  await shell.run("watch -n 1 --json");
  shell.note("on a terminal of 60 columns, until interrupted");
  shell.host.terminal = { isTerminal: true, columns: 60, rows: 24 };
  const { onSleep } = shell.host;
  shell.host.onSleep = (ms) => {
    onSleep(ms);
    if (second > 12) shell.host.controller.abort();
  };
  await shell.run("watch");
});

golden("colour", async (shell) => {
  await populate(shell);
  shell.host.terminal = { isTerminal: true, columns: 80, rows: 24 };
  await shell.run(`real drain ${VIP} fc00::2`);
  await shell.run("real list");
  shell.host.variables.set("NO_COLOR", "1");
  shell.note("NO_COLOR=1");
  await shell.run("real list");
});

golden("decap", async (shell) => {
  await shell.run("decap attach eth0 --no-gue");
  await shell.run("decap attach eth0 --no-gue --no-ipip");
  await shell.run("decap stats eth0");
  await shell.run("decap stats eth0 --json");
  await shell.run("decap detach eth0");
  await shell.run("decap detach eth0");
});

golden("bench", async (shell) => {
  await shell.run("bench");
  await shell.run("bench --class tcp-v4 --class tcp-v4-always-64k");
  await shell.run("bench --class tcp-v4 --json");
  shell.note("on a terminal");
  shell.host.terminal = { isTerminal: true, columns: 80, rows: 24 };
  await shell.run("bench --quick --class tcp-v4");
  shell.host.uid = 1000;
  await shell.run("bench");
});

golden("completion", async (shell) => {
  await populate(shell);
  await shell.run("__complete");
  await shell.run("__complete real d");
  await shell.run("__complete vip del ");
  await shell.run('__complete vip del ""');
  await shell.run("__complete vip del tcp 198");
  await shell.run("__complete real down tcp 198.51.100.10:80 f");
  await shell.run("__complete vip add --aff");
  await shell.run("__complete vip add --affinity ");
  await shell.run("completion fish");
  await shell.run("completion tcsh");
});

/** Counters of a balancer that forwards at a steady rate. */
function sampleAt(seconds: number, packets: bigint): Sample {
  const traffic = { packets, bytes: packets * 100n };
  return {
    at: BigInt(Math.round(seconds * 1e9)),
    vips: new Map([[0, { ...traffic, newFlows: packets / 100n, serverIdMismatch: 0n }]]),
    reals: new Map([[1, { packets: packets / 4n * 3n, bytes: packets * 75n }], [
      2,
      { packets: packets / 4n, bytes: packets * 25n },
    ]]),
    counters: new Map([
      ["sent.packets", packets],
      ["sent.bytes", packets * 134n],
      ["dropped.packets", packets / 1000n],
      ["dropped.bytes", packets],
      ["passed.packets", 0n],
      ["passed.bytes", 0n],
      // Beyond 2^53, to keep every digit in JSON.
      ["ring_picks", packets === 0n ? 0n : 9_007_199_254_740_993n],
    ]),
    drops: new Map([["no_real", packets / 1000n], ["fragment", 0n]]),
    cpus: [packets - packets / 4n, 0n, packets / 4n],
  };
}

/** An error as ffi makes them, known by its name. */
function dataplaneError(): Error {
  const error = new Error('Cannot update map "members": No space left on device (ENOSPC)');
  error.name = "DataplaneError";
  return error;
}
