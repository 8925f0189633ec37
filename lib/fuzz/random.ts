/*
 * Random numbers of the fuzzer's own, so that a program depends on its seed and number alone. xoshiro128** (Blackman and
 * Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021), begun with numbers that are well mixed.
 */

/** Spreads the influence of every bit of a number of 32 bits over all others. */
function mixed(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
  return z ^ (z >>> 15);
}

/** A sequence of random numbers. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Two whole numbers choose the sequence. */
  constructor(seed: number, index: number) {
    const high = Math.floor(seed / 2 ** 32);
    this.#a = mixed(seed | 0) ^ mixed(index + 0x9e37_79b9);
    this.#b = mixed(this.#a + high + 0x3c6e_f372);
    this.#c = mixed(this.#b ^ Math.floor(index / 2 ** 32)) ^ index;
    this.#d = mixed(this.#c + (seed | 0)) | 1;
    for (let i = 0; i < 8; i++) this.bits();
  }

  /** 32 random bits, as a number from 0. */
  bits(): number {
    const five = Math.imul(this.#b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** A whole number from 0 up to, not including, `ceiling`. */
  below(ceiling: number): number {
    return Math.floor((this.bits() / 2 ** 32) * ceiling);
  }

  /** True once in so many times, on average. */
  oneIn(count: number): boolean {
    return this.below(count) === 0;
  }

  /** True with a chance from 0 to 1. */
  chance(probability: number): boolean {
    return this.bits() < probability * 2 ** 32;
  }

  /** One of several. */
  pick<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }
}
