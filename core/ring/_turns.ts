/**
 * Who places a slot when: for each slot to fill, in order, the position of the member whose turn
 * it is. Weights are above 0, there are at least one of them and at most 65535.
 *
 * @module
 */

/**
 * V1: on the first pass each member takes as many turns in a row as its weight says, on later
 * passes one. So weights only count where their sum is close to the number of slots.
 */
export function turnsV1(weights: Uint16Array, size: number): Uint16Array {
  const turns = new Uint16Array(size);
  let at = 0;
  for (let i = 0; i < weights.length && at < size; i++) {
    const end = Math.min(at + (weights[i] ?? 0), size);
    turns.fill(i, at, end);
    at = end;
  }
  for (let i = 0; at < size; at++) {
    turns[at] = i++;
    if (i === weights.length) i = 0;
  }
  return turns;
}

/**
 * V2: in each round every member gains its weight, and one that has gained the largest weight pays
 * it for a turn. So a member takes its k-th turn in round ceil(k * largest / weight), and sorting
 * by round needs no walk through rounds in which most members only save up.
 */
export function turnsV2(weights: Uint16Array, size: number): Uint16Array {
  const largest = weights.reduce((a, b) => Math.max(a, b));
  const sum = weights.reduce((a, b) => a + b);
  // By this round everyone together has taken `size` turns, whatever is rounded down.
  const rounds = Math.ceil((size + weights.length) * largest / sum);
  const members = new Uint16Array(size + 2 * weights.length);
  const roundOf = new Uint32Array(members.length);
  let count = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    // Exact: quotients stay below 2^17 and differ from whole numbers by 1 / weight or more.
    for (let k = 1, round = 0; (round = Math.ceil(k * largest / weight)) <= rounds; k++) {
      members[count] = i;
      roundOf[count++] = round;
    }
  }
  return sortByRound(members.subarray(0, count), roundOf.subarray(0, count), rounds)
    .subarray(0, size);
}

/** A counting sort, stable. */
function sortByRound(members: Uint16Array, roundOf: Uint32Array, rounds: number): Uint16Array {
  const start = new Uint32Array(rounds + 2);
  for (const round of roundOf) start[round + 1] = (start[round + 1] ?? 0) + 1;
  for (let round = 1; round < start.length; round++) {
    start[round] = (start[round] ?? 0) + (start[round - 1] ?? 0);
  }
  const sorted = new Uint16Array(members.length);
  for (let i = 0; i < members.length; i++) {
    const round = roundOf[i] ?? 0;
    const at = start[round] ?? 0;
    sorted[at] = members[i] ?? 0;
    start[round] = at + 1;
  }
  return sorted;
}
