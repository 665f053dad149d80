import type { ConfigForm } from "./schema.ts";
import type { BalancerConfig } from "./types.ts";

/**
 * Turns the `balancer` part of weir.yaml into settings named as in TypeScript.
 *
 * @param form the part as read; left out: every default
 */
export function balancerConfig(form: ConfigForm["balancer"]): BalancerConfig {
  const entries = Object.entries(form ?? {}).filter(([, value]) => value !== undefined);
  // Keys of schema and type are the same words in two spellings; balancer_config_test holds that.
  return Object.fromEntries(entries.map(([key, value]) => [camelCase(key), value]));
}

function camelCase(key: string): string {
  return key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
