import type { PacketSample } from "../../cli/host.ts";
import { packet } from "../../core/packet/build.ts";
import { ticks } from "../../core/plan/plan_options.ts";
import type { FlowEntry } from "../../core/state/types.ts";
import { golden, populate, VIP } from "./golden.ts";

golden("settings", async (shell) => {
  await shell.run("attach eth0 --echo any --ttl 9 --quic-lb 1=2 --quic-lb 0=4 --no-too-big");
  await shell.run("status");
  await shell.run("upgrade --echo vip --path-mtu 1400 --gue-source-v6 fc00::1 --compat katran");
  await shell.run("status");
  await shell.run("status --json");
  await shell.run("upgrade --path-mtu 500");
  await shell.run("upgrade --gue-source-v4 fc00::1");
  await shell.run("upgrade --ipip-source-v6 fc00::/64");
  await shell.run("upgrade --quic-lb 7=2");
  await shell.run("upgrade --ttl 10");
  shell.file(
    "weir.yaml",
    `balancer:
  echo: any
  ttl: 64
  pmtu: { too-big: true, rate: 50 }
  quic: { lb: { 1: 3 } }
vips: [{ address: 198.51.100.10, port: 443, protocol: udp, encap: gue, reals: [10.0.0.1] }]
`,
  );
  await shell.run("plan -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run("plan -f weir.yaml --json");
});

golden("gue_sources", async (shell) => {
  await shell.run("attach eth0");
  await shell.run("vip add tcp 198.51.100.10:80 --encap gue");
  await shell.run("real add tcp 198.51.100.10:80 10.0.0.1");
  await shell.run("real add tcp 198.51.100.10:80 fc00::1");
  await shell.run("upgrade --gue-source-v6 fc00::9");
  await shell.run("real add tcp 198.51.100.10:80 fc00::1");
});

golden("tables", async (shell) => {
  await shell.run("attach eth0");
  await shell.run("server list");
  await shell.run("server add 1023 10.0.0.1");
  await shell.run("server add 7 fc00::2");
  await shell.run("server add 7 10.0.0.3");
  await shell.run("server add 7 10.0.0.3");
  await shell.run("server list");
  await shell.run("server list --json");
  await shell.run("server add 0 10.0.0.1");
  await shell.run("server add 8");
  await shell.run("server del 8");
  await shell.run("server del 7");
  await shell.run("source add 192.0.2.0/24 10.0.0.1");
  await shell.run("source add 192.0.2.1/24 10.0.0.1");
  await shell.run("source add fc00::/64 fc00::2");
  await shell.run("source list");
  await shell.run("source list --json");
  await shell.run("source del fc00::/64");
  await shell.run("source del fc00::/64");
  await shell.run("decap destination list");
  await shell.run("decap destination add 172.31.0.1");
  await shell.run("decap destination add 172.31.0.1 --action return");
  await shell.run("decap destination add fd00::");
  await shell.run("decap destination add 172.31.0.2 --action keep");
  await shell.run("decap destination list");
  await shell.run("upgrade --decap-ipip");
  await shell.run("decap destination list --json");
  await shell.run("export");
  await shell.run("decap destination del 172.31.0.2");
  shell.file(
    "weir.yaml",
    `balancer:
  decap: { ipip: true, gue: true, destinations: [{ address: 172.31.0.1, action: pass }] }
reals:
  web1: { address: 10.0.0.1 }
servers: [{ id: 1023, real: web1 }, { id: 1024, real: 10.0.0.9 }]
sources: []
vips: []
`,
  );
  await shell.run("plan -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run("apply -f weir.yaml");
});

golden("flows", async (shell) => {
  await populate(shell);
  const { main } = shell.host;
  await shell.run("flows list");
  await shell.run("flows stats");
  const entry = (vip: number, real: number, port: number, age: number): FlowEntry => ({
    vip,
    source: Uint8Array.of(192, 0, 2, 1),
    family: 4,
    sourcePort: port,
    destinationPort: 80,
    real,
    lastSeen: main.ticks - ticks(age),
  });
  main.flowEntries = [entry(0, 1, 40000, 3), entry(0, 2, 40001, 45), entry(7, 9, 40002, 600)];
  await shell.run("flows list");
  await shell.run(`flows list ${VIP} --limit 1`);
  await shell.run("flows list --real fc00::2 --json");
  await shell.run("flows list --jsonl");
  await shell.run("flows list --real 10.0.0.77");
  await shell.run("flows list tcp");
  await shell.run("flows list udp 198.51.100.10:80");
  await shell.run("flows list --limit 0");
  await shell.run("flows stats");
  await shell.run(`real down ${VIP} fc00::2`);
  await shell.run("flows stats --json");
  await shell.run(`flows get ${VIP} 192.0.2.1:40001`);
  await shell.run(`flows get ${VIP} 192.0.2.1:40009`);
  await shell.run(`flows get ${VIP} 192.0.2.1:40009 --json`);
  await shell.run(`flows get ${VIP} [fc00::1]:40009`);
  await shell.run(`flows get ${VIP} 192.0.2.1`);
  await shell.run("vip add udp 198.51.100.10:any");
  await shell.run("flows get udp 198.51.100.10:any 192.0.2.1:1");
  await shell.run("flows get udp 198.51.100.10:any 192.0.2.1:1 --destination-port 53");
  await shell.run("flows purge");
  await shell.run("flows purge --real fc00::2");
  await shell.run(`flows purge ${VIP} --json`);
  await shell.run("flows purge --all");
});

golden("probe", async (shell) => {
  await shell.run("probe attach eth0");
  await shell.run("probe attach eth1 --gateway-mac 02:00:00:00:00:AA --json");
  await shell.run("probe attach eth2 --ttl 0");
  await shell.run("probe mark list eth0");
  await shell.run("probe mark add eth0 7 10.0.0.1");
  await shell.run("probe mark add eth0 8 fc00::2 --gue --json");
  await shell.run("probe mark add eth0 0 10.0.0.1");
  await shell.run("probe mark list eth0");
  await shell.run("probe mark list eth0 --json");
  await shell.run("probe mark del eth0 7");
  await shell.run("probe mark del eth0 7");
  await shell.run("probe stats eth0");
  await shell.run("probe stats eth0 --json");
  await shell.run("probe detach eth0");
  await shell.run("probe detach eth0");
});

golden("coexistence", async (shell) => {
  await shell.run("attach eth0 --replace");
  await shell.run("attach eth1 --balancer second --chain /sys/fs/bpf/jmp_eth1 --json");
  await shell.run("attach eth1 --balancer third --chain /sys/fs/bpf/jmp_eth1:1");
  await shell.run("status --balancer third");
  await shell.run("attach eth1 --balancer fourth --chain jmp_eth1");
});

golden("events", async (shell) => {
  await shell.run("events");
  await shell.run("attach eth0");
  await shell.run("events");
  await shell.run("upgrade --events");
  const frame = (destination: string) =>
    packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
      .ipv4({ source: "192.0.2.1", destination }).tcp({ sourcePort: 40000, destinationPort: 80 });
  const samples = (): PacketSample[] => [
    { kind: "unknown-flow", frameBytes: 60, bytes: frame("198.51.100.10").bytes() },
    { kind: "too-big", frameBytes: 1514, bytes: frame("198.51.100.11").bytes() },
    { kind: "unknown-server", frameBytes: 12, bytes: new Uint8Array(12) },
  ];
  const lines = ["-n 3", "--json -n 1", "--jsonl -n 3", "--pcap a.pcap -n 1"];
  for (const flags of lines) {
    shell.host.samples = samples();
    await shell.run(`events ${flags}`);
  }
  shell.note(`a.pcap: ${shell.host.written.get("a.pcap")}`);
  await shell.run("events --pcap missing/a.pcap");
  await shell.run("events --count 0");
  shell.note("interrupted");
  shell.host.onSleep = () => shell.host.controller.abort();
  await shell.run("events");
});
