/**
 * The lowest index that is not taken, so that numbering depends on the set only.
 *
 * @param isTaken whether an index is in use
 * @param from first index allowed
 * @param end first index not allowed
 * @returns the index, or null if all are taken
 */
export function lowestFree(
  isTaken: (index: number) => boolean,
  from: number,
  end: number,
): number | null {
  for (let index = from; index < end; index++) {
    if (!isTaken(index)) return index;
  }
  return null;
}
