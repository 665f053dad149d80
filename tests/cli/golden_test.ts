import { golden, populate, VIP } from "./golden.ts";
import { sampleAt } from "./sample_at.ts";

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

/** An error as ffi makes them, known by its name. */
function dataplaneError(): Error {
  const error = new Error('Cannot update map "members": No space left on device (ENOSPC)');
  error.name = "DataplaneError";
  return error;
}
