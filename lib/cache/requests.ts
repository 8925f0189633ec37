/** Numbers from 0 to below 1 that follow from a seed alone. */
function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e37_79b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/**
 * Which of `count` files is asked for next, again and again: one after another, or by Zipf's law, the n-th with a weight
 * of 1/n.
 */
export function requests(count: number, order: "zipf" | "round robin", seed: number): () => number {
  let next = 0;
  if (order === "round robin") return () => next++ % count;
  const sums = new Float64Array(count);
  let sum = 0;
  for (let n = 0; n < count; n++) sums[n] = sum += 1 / (n + 1);
  const chance = chances(seed);
  return () => firstAbove(sums, chance() * sum);
}

/** The first of ascending numbers that is greater than one; the last if none is. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
