/** What of a flow leads to its slot, for every kind of VIP: the loaded program against `flowHash`. */
import assert from "node:assert/strict";
import type { Family } from "../../core/addr/types.ts";
import { packet } from "../../core/packet/build.ts";
import { flowHash, slotOf } from "../../core/ring/flow_hash.ts";
import type { VipFlag } from "../../core/state/types.ts";
import { outerDestination } from "../support/fixtures/flow_frame.ts";
import { PacketRun } from "../support/packet_run.ts";
import { rootTest } from "../support/root_test.ts";
import { addressOf } from "./world.ts";

/** A flow as it takes part in the hash. */
interface Hashed {
  readonly source: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

interface Kind {
  readonly name: string;
  readonly anyPort?: boolean;
  readonly cidr?: boolean;
  readonly flags?: readonly VipFlag[];
  readonly katran?: boolean;
  /** What is hashed of a flow. */
  readonly hashed: (flow: Hashed) => Hashed;
}

const asItIs = (flow: Hashed) => flow;
const noDestinationPort = (flow: Hashed) => ({ ...flow, destinationPort: 0 });
const destinationPortOnly = ({ destinationPort }: Hashed) => ({
  source: new Uint8Array(16),
  sourcePort: destinationPort,
  destinationPort,
});

const KINDS: readonly Kind[] = [
  { name: "a VIP", hashed: asItIs },
  { name: "any port", anyPort: true, hashed: noDestinationPort },
  { name: "any port, kept", anyPort: true, flags: ["hash-src-dst-port"], hashed: asItIs },
  {
    name: "no source port",
    flags: ["no-source-port"],
    hashed: (flow) => ({ ...flow, sourcePort: 0 }),
  },
  {
    name: "no port at all",
    anyPort: true,
    flags: ["no-source-port"],
    hashed: (flow) => ({ ...flow, sourcePort: 0, destinationPort: 0 }),
  },
  { name: "the destination port", flags: ["dport-hash"], hashed: destinationPortOnly },
  {
    name: "the destination port of any",
    anyPort: true,
    flags: ["dport-hash"],
    hashed: destinationPortOnly,
  },
  { name: "a prefix", cidr: true, hashed: asItIs },
  { name: "a prefix, as katran", cidr: true, katran: true, hashed: noDestinationPort },
  { name: "a prefix, any port", cidr: true, anyPort: true, hashed: noDestinationPort },
];

const FLOWS = 40;
const REALS = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"];
const PORT = 8080;

for (const kind of KINDS) {
  for (const family of [4, 6] as const) {
    rootTest(`hash of ${kind.name}, IPv${family}`, async () => await checkKind(kind, family));
  }
}

async function checkKind(kind: Kind, family: Family): Promise<void> {
  const { anyPort, cidr, flags = [], katran, hashed } = kind;
  using run = await PacketRun.load({ settings: { cidr: 1, compat_katran: katran ? 1 : 0 } });
  const address = family === 4 ? "10.200.1.0" : "fc00:1::";
  const port = anyPort ? 0 : PORT;
  const prefix = cidr ? { prefixLength: family === 4 ? 24 : 64 } : {};
  const vip = run.setup.vip({ address, port, protocol: "udp", flags, ...prefix }, REALS);
  const { slots } = run.dataplane.readRing(vip) ?? assert.fail("no ring");
  for (let index = 0; index < FLOWS; index++) {
    const flow = flowOf(family, index, anyPort ? PORT + index : PORT);
    const { source, sourcePort, destinationPort } = hashed(flow);
    const slot = slotOf(flowHash(source, family, sourcePort, destinationPort));
    const expected = REALS[(slots[slot] ?? 0) - 1];
    assert.equal(outerDestination(run.runOnly(frameOf(family, address, flow)).frame), expected);
  }
}

/** Different clients and ports, by number. */
function flowOf(family: Family, index: number, destinationPort: number): Hashed {
  const source = addressOf(family === 4 ? `192.168.${index}.7` : `2001:db8::${index}:7`).bytes;
  return { source, sourcePort: 1 + 997 * index, destinationPort };
}

function frameOf(family: Family, destination: string, flow: Hashed): Uint8Array {
  const front = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
  const { source } = flow;
  const ip = family === 4
    ? front.ipv4({ source, destination })
    : front.ipv6({ source, destination });
  return ip.udp(flow).bytes();
}
