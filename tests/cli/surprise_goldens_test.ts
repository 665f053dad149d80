/** What used to surprise people: next hops that move, addresses that cannot work, states that stay. */
import { parseAddress } from "../../core/addr/parse_address.ts";
import { golden, populate, VIP } from "./golden.ts";

golden("next_hop", async (shell) => {
  const { host } = shell;
  const router = (mac: string) => {
    const address = parseAddress("10.9.2.1");
    return address === null ? [] : [{ address, mac }];
  };
  await shell.run("attach eth0 --gateway-mac 00:00:00:00:00:00");
  await shell.run("attach eth0 --gateway-mac ff:ff:ff:ff:ff:ff");
  await shell.run("attach eth0 --gateway-mac 01:00:5e:00:00:01");
  shell.file("bad.yaml", "balancer: { gateway-mac: 33:33:00:00:00:01 }\nvips: []\n");
  await shell.run("config check -f bad.yaml");
  await shell.run("attach eth0");
  host.link = { ...host.link, hops: router("02:00:00:00:00:01") };
  await shell.run("status");
  shell.note("another router answers for the address");
  host.link = { ...host.link, hops: router("02:00:00:00:00:77") };
  await shell.run("status");
  shell.file("auto.yaml", "balancer: { gateway-mac: auto }\nvips: []\n");
  await shell.run("plan -f auto.yaml");
  await shell.run("apply -f auto.yaml");
  await shell.run("plan -f auto.yaml");
  await shell.run("export");
  await shell.run("upgrade --gateway-mac 02:00:00:00:00:88");
  await shell.run("status");
  shell.note("a next hop that was given, and that is another neighbour, is meant");
  host.link = { ...host.link, neighbours: ["02:00:00:00:00:88"] };
  await shell.run("status");
  await shell.run("upgrade --gateway-mac auto");
  await shell.run("status");
  shell.note("the cable is pulled out");
  host.link = { ...host.link, carrier: false };
  await shell.run("status");
  host.link = { ...host.link, up: false };
  await shell.run("status --json");
});

golden("unusable_addresses", async (shell) => {
  await shell.run("attach eth0");
  for (const vip of ["127.0.0.1:80", "[ff02::1]:80", "0.0.0.0:80", "[::ffff:10.0.0.1]:80"]) {
    await shell.run(`vip add tcp ${vip}`);
  }
  await shell.run("vip add tcp 0.0.0.0/0:80");
  await shell.run(`vip add ${VIP}`);
  for (const real of ["127.0.0.1", "::1", "224.0.0.1", "fe80::1", "198.51.100.10"]) {
    await shell.run(`real add ${VIP} ${real}`);
  }
  shell.file(
    "weir.yaml",
    `vips:
  - { address: "::1", port: 80, protocol: tcp, reals: [10.0.0.1] }
  - { address: 198.51.100.10, port: 80, protocol: tcp, reals: [198.51.100.10, 127.0.0.1, web1] }
`,
  );
  await shell.run("config check -f weir.yaml");
});

golden("kept_states", async (shell) => {
  await populate(shell);
  const reals = 'reals: [{ address: 10.0.0.1, weight: 3 }, "fc00::2"]';
  const vip = `{ name: www, address: 198.51.100.10, port: 80, protocol: tcp, ${reals} }`;
  shell.file("weir.yaml", `vips: [${vip}]\n`);
  await shell.run(`real down ${VIP} fc00::2`);
  await shell.run("plan -f weir.yaml");
  await shell.run("apply -f weir.yaml");
  await shell.run(`real drain ${VIP} 10.0.0.1`);
  await shell.run("apply -f weir.yaml");
  await shell.run(`ring show ${VIP}`);
  shell.file("none.yaml", "vips: []\n");
  await shell.run("plan -f none.yaml");
});
