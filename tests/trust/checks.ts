import { collateral } from "./collateral.ts";
import { concurrency } from "./concurrency.ts";
import { garbage } from "./garbage.ts";
import { hitless } from "./hitless.ts";
import { killEveryWrite } from "./kill_every_write.ts";

/** Something that operators rely on, and how it is shown. */
export interface Check {
  readonly name: string;
  /**
   * @param full the whole run; else one of a few seconds
   * @returns the figure
   * @throws if it does not hold
   */
  readonly run: (full: boolean) => string | Promise<string>;
}

/** All checks of `deno task test:trust`. */
export const CHECKS: readonly Check[] = [
  { name: "killed at every write", run: killEveryWrite },
  { name: "many at once", run: concurrency },
  { name: "hitless", run: hitless },
  { name: "zero collateral", run: collateral },
  { name: "garbage", run: garbage },
];
