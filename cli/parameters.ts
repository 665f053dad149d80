import { parseAddress } from "../core/addr/parse_address.ts";
import type { Address } from "../core/addr/types.ts";
import type { Protocol, VipKey } from "../core/state/types.ts";
import { parseVipEndpoint } from "../core/state/vip_key.ts";
import { PROTOCOLS } from "../core/state/words.ts";
import type { Context } from "./command.ts";

/** Address, prefix length and port of a VIP. */
export type VipEndpoint = Omit<VipKey, "protocol">;

/** Flags that every command has that looks at a balancer. */
export interface CommonFlags {
  readonly balancer: string;
  readonly json: boolean;
}

/** `--balancer` and `--json`. */
export const commonFlags = {
  balancer: {
    kind: "parsed",
    parse: parseBalancer,
    default: "main",
    brief: "Name of the balancer",
    placeholder: "name",
  },
  json: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Print JSON (schema weir/v1)",
  },
} as const;

/** `--file` of commands that read a configuration. */
export const fileFlag = {
  kind: "parsed",
  parse: String,
  default: "/etc/weir/weir.yaml",
  brief: "Configuration file, - for stdin",
  placeholder: "path",
} as const;

/** `--verbose` of commands that load a program. */
export const verboseFlag = {
  kind: "boolean",
  default: false,
  withNegated: false,
  brief: "On an error print all that the kernel said",
} as const;

/** `tcp` or `udp`. */
export const protocolArgument = {
  brief: "tcp or udp",
  placeholder: "protocol",
  parse: parseProtocol,
  proposeCompletions: (partial: string) => PROTOCOLS.filter((word) => word.startsWith(partial)),
};

/** Address and port of a VIP. */
export const endpointArgument = {
  brief: "Address and port: 198.51.100.10:80, [fc00::1]:any",
  placeholder: "endpoint",
  parse: parseEndpointArgument,
  proposeCompletions: proposeEndpoints,
};

/** Address of a real. */
export const realArgument = {
  brief: "Address of the real",
  placeholder: "address",
  parse: parseRealAddress,
  proposeCompletions: proposeReals,
};

/** Name of an interface. */
export const interfaceArgument = {
  brief: "Network interface",
  placeholder: "ifname",
  parse: (input: string) => {
    if (/^[^/\s]{1,15}$/.test(input)) return input;
    throw new SyntaxError(`Expected the name of an interface but found "${input}"`);
  },
};

/**
 * Reads a whole number in a range.
 *
 * @param what for messages: `a weight`
 */
export function integerParser(what: string, min: number, max: number): (input: string) => number {
  return (input) => {
    const value = Number(input);
    if (/^[0-9]{1,15}$/.test(input) && value >= min && value <= max) return value;
    throw new SyntaxError(`Expected ${what} from ${min} to ${max} but found "${input}"`);
  };
}

/**
 * Reads a name of at most 63 bytes, the size of the maps' fields.
 *
 * @param input argument
 */
export function parseName(input: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is refused
  const isClean = !/[\u0000-\u001f\u007f]/.test(input);
  if (!isClean) {
    throw new SyntaxError(`Expected a name without control characters but found "${input}"`);
  }
  if (new TextEncoder().encode(input).length <= 63) return input;
  throw new SyntaxError(`Expected a name of at most 63 bytes but found "${input}"`);
}

/**
 * Puts protocol and endpoint together.
 *
 * @param protocol first argument
 * @param endpoint second argument
 */
export function vipKey(protocol: Protocol, endpoint: VipEndpoint): VipKey {
  return { protocol, ...endpoint };
}

function parseBalancer(input: string): string {
  if (/^[A-Za-z0-9_-]{1,32}$/.test(input)) return input;
  throw new SyntaxError(
    `Expected the name of a balancer, 1 to 32 of letters, digits, "_", "-", but found "${input}"`,
  );
}

function parseProtocol(input: string): Protocol {
  const protocol = PROTOCOLS.find((known) => known === input.toLowerCase());
  if (protocol !== undefined) return protocol;
  throw new SyntaxError(`Expected tcp or udp but found "${input}"`);
}

function parseEndpointArgument(input: string): VipEndpoint {
  const endpoint = parseVipEndpoint(input);
  if (endpoint !== null) return endpoint;
  const [, host = "", port] = /^(.+):([^:\]]*)$/.exec(input) ?? [];
  if (port !== undefined && parseVipEndpoint(`${host}:0`) !== null) {
    throw new SyntaxError(`Expected a port from 0 to 65535 or any but found "${port}"`);
  }
  if (parseAddress(input) !== null) {
    const example = input.includes(":") ? "[fc00::1]:80" : `${input}:80`;
    throw new SyntaxError(
      `Expected an address and a port, as in ${example}, but found "${input}"`,
    );
  }
  if (/\/\d+\]?:[^:]+$/.test(input)) {
    throw new SyntaxError(
      `Expected a prefix without host bits and a port, as in 198.51.100.0/24:80, but found "${input}"`,
    );
  }
  if (/^(\[.*\]|[^:]+):([0-9]+|any)$/.test(input)) {
    throw new SyntaxError(`Expected an IP address before the port but found "${host}"`);
  }
  throw new SyntaxError(
    `Expected address and port, as in 198.51.100.10:80 or [fc00::1]:any, but found "${input}"`,
  );
}

function parseRealAddress(input: string): Address {
  const address = parseAddress(input);
  if (address !== null && address.bytes.some((byte) => byte !== 0)) return address;
  const what = /^[^/]+\/\d+$/.test(input)
    ? "the address of a real without a mask"
    : "the address of a real";
  throw new SyntaxError(`Expected ${what} but found "${input}"`);
}

async function proposeEndpoints(this: Context, partial: string): Promise<readonly string[]> {
  const { proposeFromState } = await import("./propose.ts");
  return proposeFromState(this, partial, "endpoint");
}

async function proposeReals(this: Context, partial: string): Promise<readonly string[]> {
  const { proposeFromState } = await import("./propose.ts");
  return proposeFromState(this, partial, "real");
}
