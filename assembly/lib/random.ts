import { kernel } from "../include/kernel";

/*
 * Random numbers come from the root struct alone, so that the same seed gives the same machine. The generator is
 * splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): a counter, well mixed.
 */

/** How far the counter moves for each number: odd, so that it takes on all 2^64 values. */
const GAMMA: u64 = 0x9e3779b97f4a7c15;

/** Begins a sequence of random numbers. */
export function seed_random(seed: u64): void {
  kernel.random = seed;
}

/** A random number of 64 bits. @kernel get_random_u64(), drivers/char/random.c */
export function get_random_u64(): u64 {
  let z = kernel.random + GAMMA;
  kernel.random = z;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** A random number of 32 bits. @kernel get_random_u32(), drivers/char/random.c */
export function get_random_u32(): u32 {
  return <u32>(get_random_u64() >> 32);
}

/** A random number below `ceiling`, or 0 if that is 0. @kernel get_random_u32_below(), include/linux/random.h */
export function get_random_u32_below(ceiling: u32): u32 {
  // 2^32 numbers times `ceiling`, divided by 2^32: the bias is below ceiling / 2^32.
  return <u32>((<u64>get_random_u32() * ceiling) >> 32);
}
