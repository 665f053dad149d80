/** What `weir` and `weir --help` print; it fits 24 lines of 80 columns. */
export const ROOT_HELP = `weir: layer-4 load balancer on XDP

  weir attach <ifname> [-f FILE]    start balancing; weir detach: stop
  weir status, upgrade, rollback    in order? new program or settings, and back
  weir plan|apply [-f FILE]         configuration file, /etc/weir/weir.yaml
  weir export, config check|schema  what runs as a file; mistakes; JSON Schema
  weir import <format> <file>       from ipvsadm, keepalived or katran

  weir vip add|set|del|list         what clients talk to:
                                    weir vip add tcp 198.51.100.10:80
  weir real add|set|del|list        servers of a VIP:
       drain|undrain|down|up        weir real add tcp 198.51.100.10:80 10.0.0.1
  weir server|source add|del|list   flows by server id, by address of the client

  weir stats, watch, events, bench  counters, rates, packets of interest, costs
  weir ring show|digest|settle      which real gets how much
  weir flows list|get|purge|stats   flows whose real the ring does not tell
  weir decap|probe attach|detach|stats  strip outer headers; health checks
  weir decap destination, probe mark    add|del|list: addresses, marks
  weir completion bash|zsh|fish     completion script; also: weir version

Every command: --help, --json, --balancer <name> (default main)
Exit codes: 0 ok, 1 error, 2 plan differs, 3 partly done, 4 degraded, 64 usage
`;
