/**
 * Ticks from one instant to another. Ticks are u32 and wrap, so the difference is signed: negative
 * if `since` lies ahead, as it can when another command wrote it after this one read the clock.
 */
export function ticksBetween(since: number, now: number): number {
  return (now - since) | 0;
}
