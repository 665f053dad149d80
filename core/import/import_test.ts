import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { formatConfig } from "../config/format_config.ts";
import { parseConfig } from "../config/parse_config.ts";
import { type Imported, importIpvsadm, importKatran, importKeepalived } from "./mod.ts";

/** The file that comes out, after weir has read it, and the notes as `line: message`. */
function outcome({ config, notes }: Imported): { readonly yaml: string; readonly notes: string } {
  const yaml = formatConfig(config);
  const read = parseConfig(yaml, "weir.yaml");
  ok(read.ok, `${yaml}\n${JSON.stringify(read)}`);
  return { yaml, notes: notes.map(({ line, message }) => `${line}: ${message}`).join("\n") };
}

Deno.test("importIpvsadm() reads what ipvsadm -Sn writes", () => {
  const { yaml, notes } = outcome(importIpvsadm(`-A -t 198.51.100.10:80 -s wlc -p 300
-a -t 198.51.100.10:80 -r 10.0.0.1:80 -i -w 3
-a -t 198.51.100.10:80 -r 10.0.0.2:8080 -m -w 1 -x 100 -y 0
-A -u [2001:db8::1]:443 -s mh -b mh-port
-a -u [2001:db8::1]:443 -r [fc00::1]:443 -i -w 1 --tun-type gue --tun-port 6081 --tun-nocsum
-A -f 7 -s rr
`));
  equal(
    yaml,
    `balancer:
  gue:
    port: 6081
reals:
  fc00::1: { address: fc00::1, name: "", encap: gue }
vips:
  - address: 198.51.100.10
    port: 80
    protocol: tcp
    flags:
      - no-source-port
    reals:
      - { address: 10.0.0.1, weight: 3 }
      - 10.0.0.2
  - address: 2001:db8::1
    port: 443
    protocol: udp
    reals:
      - fc00::1
`,
  );
  equal(
    notes,
    `1: scheduler "wlc" becomes Maglev: flows are shared by weight, not by load
1: persistence has no timeout: no-source-port keeps a client's flows on one real
3: weir does not translate ports: 10.0.0.2:8080 gets packets to port 80
3: 10.0.0.2 needs the VIP on loopback and "weir decap": weir does not translate
3: a connection limit (u-threshold 100) has no equivalent
6: fwmark services have no equivalent: left out`,
  );
});

Deno.test("importKeepalived() reads virtual servers, groups and ranges", () => {
  const { yaml, notes } = outcome(importKeepalived(`global_defs {
    router_id lb1
}
virtual_server_group web { # two addresses
    198.51.100.10-11 80
}
virtual_server group web {
    delay_loop 5
    lb_algo mh
    lb_kind TUN
    protocol TCP
    real_server 10.0.0.1 80 {
        weight 3
        HTTP_GET { url { path / } connect_timeout 3 }
    }
    real_server fc00::1 80
    sorry_server 10.0.0.9 80
}
virtual_server 2001:db8::1 53 { ! name server
    lb_algo sh
    lb_kind DR
    protocol UDP
    real_server 10.0.0.1 5353 { weight 1 }
}
`));
  equal(
    yaml,
    `vips:
  - address: 198.51.100.10
    port: 80
    protocol: tcp
    flags:
      - no-source-port
    reals:
      - { address: 10.0.0.1, weight: 3 }
      - fc00::1
  - address: 198.51.100.11
    port: 80
    protocol: tcp
    flags:
      - no-source-port
    reals:
      - { address: 10.0.0.1, weight: 3 }
      - fc00::1
  - address: 2001:db8::1
    port: 53
    protocol: udp
    flags:
      - no-source-port
    reals:
      - 10.0.0.1
`,
  );
  equal(
    notes,
    `1: "global_defs" has no equivalent: left out
8: health checks are not imported: "delay_loop"
14: health checks are not imported: "HTTP_GET"
17: sorry server 10.0.0.9 has no equivalent: left out
23: 10.0.0.1 needs "weir decap" or a tunnel device: weir encapsulates
23: weir does not translate ports: 10.0.0.1 gets packets to port 53`,
  );
});

Deno.test("importKatran() carries the client's commands out in their order", () => {
  const { yaml, notes } = outcome(importKatran(`# from our runbook
./katran_goclient -change_mac 02:00:00:00:00:AA
./katran_goclient -A -t 10.200.1.1:80
-A -u [fc00::1:1]:443 -vf QUIC_VIP
-a -t 10.200.1.1:80 -r 10.0.0.2 -w 10
--a --t=10.200.1.1:80 --r=fc00::1
-a -t 10.200.1.1:80 -r 10.0.0.3
-d -t 10.200.1.1:80 -r 10.0.0.3
-E -t 10.200.1.1:80 -vf NO_LRU
-E -u [fc00::1:1]:443 -vf NO_SPORT
-quic_mapping 10.0.0.2=1022
-new_hc 10.0.0.2 -somark 1000
-l -server 127.0.0.1:50051
-d -t 10.200.1.9:80 -r 10.0.0.3
-x
`));
  match(yaml, /gateway-mac: 02:00:00:00:00:aa/);
  match(yaml, /servers:\n {2}- \{ id: 1022, real: 10\.0\.0\.2 \}/);
  match(yaml, /affinity: none\n {4}reals:\n {6}- \{ address: 10\.0\.0\.2, weight: 10 \}/);
  match(yaml, /- no-source-port\n {6}- quic/);
  equal(yaml.includes("10.0.0.3"), false);
  equal(
    notes,
    `12: health-check destinations are not imported
14: there is no VIP "tcp 10.200.1.9:80" yet: left out
15: flag "-x" is not known: left out
15: no command of katran's client: left out`,
  );
});

Deno.test("whatever is imported, weir can read what comes out", () => {
  const words = fc.constantFrom(
    ...["-A", "-a", "-D", "-E", "-d", "-C", "-t", "-u", "-r", "-w", "-s", "-p", "-vf", "QUIC_VIP"],
    ...["NO_SPORT", "198.51.100.1:80", "198.51.100.1:0", "[fc00::1]:443", "10.0.0.1", "10.0.0.2:8"],
    ...["fc00::2", "70000", "-1", "mh", "rr", "-quic_mapping", "10.0.0.1=7", "10.0.0.1=0", "\n"],
    ...["virtual_server", "real_server", "{", "}", "weight", "protocol", "UDP", "TCP", "80", "\n"],
    ...["group", "web", "virtual_server_group", "10.0.0.1-300", "10.0.0.1-5", "--tun-type", "gue"],
    ...["lb_kind", "TUN", "port", '"', "'", "#", "198.51.100.1", "0.0.0.0", "10.0.0.0/8:80"],
  );
  const texts = fc.oneof(
    fc.array(words, { maxLength: 60 }).map((list) => list.join(" ")),
    fc.string({ maxLength: 200 }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const read of [importIpvsadm, importKeepalived, importKatran]) {
        const { notes } = read(text);
        outcome(read(text));
        deepEqual(notes, read(text).notes);
      }
    }),
    { numRuns: 500 },
  );
});
