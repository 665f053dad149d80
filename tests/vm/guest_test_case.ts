import { rootTest } from "../support/root_test.ts";

/** Kernel line of the guest that this runs in, as "6.12"; undefined on a host. */
export const GUEST_KERNEL: string | undefined = Deno.env.get("WEIR_VM");

/**
 * A test that needs a kernel with modules that the host may lack. On a host it counts as ignored;
 * in a guest of `deno task test:vm` it runs.
 *
 * @param name What the test shows.
 * @param run The test.
 */
export function guestTest(name: string, run: (t: Deno.TestContext) => Promise<void>): void {
  if (GUEST_KERNEL === undefined) Deno.test.ignore(`${name} (needs "deno task test:vm")`, run);
  else rootTest(name, run);
}
