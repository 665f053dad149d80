import type { Host } from "./host.ts";

/**
 * Takes a balancer's lock for a command, telling the user for whom it waits.
 *
 * @param host where the lock is
 * @param balancer name of the balancer
 * @param command what to tell others that wait
 */
export function lockBalancer(host: Host, balancer: string, command: string): Promise<Disposable> {
  return host.lock(balancer, command, (holder) => {
    host.stderr.write(`weir: Waiting for ${holder} to finish with balancer "${balancer}"\n`);
  });
}
