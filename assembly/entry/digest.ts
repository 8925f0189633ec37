import { KERNEL_BASE, kernel } from "../include/kernel";

/** Odd numbers with well spread bits: the fractional parts of square roots of primes. */
const FACTOR_0: u64 = 0x6a09_e667_f3bc_c909;
const FACTOR_1: u64 = 0xbb67_ae85_84ca_a73b;

/**
 * Hash of the machine: two machines with the same digest are taken to be the same. 128 bits, not cryptographic.
 *
 * @param to  where to put its 16 bytes.
 */
export function digest(to: usize): void {
  let a = FACTOR_0;
  let b = FACTOR_1;
  let end = kernel.high_water;
  for (let at = KERNEL_BASE; at < end; at += 16) {
    a = (rotl<u64>(a, 29) ^ load<u64>(at)) * FACTOR_0;
    b = (rotl<u64>(b, 31) ^ load<u64>(at, 8)) * FACTOR_1;
  }
  a ^= end;
  store<u64>(to, mix(a ^ rotl<u64>(b, 32)));
  store<u64>(to, mix(b + rotl<u64>(a, 17)), 8);
}

/** Spreads the influence of every bit over all others. */
function mix(value: u64): u64 {
  value = (value ^ (value >> 32)) * FACTOR_0;
  value = (value ^ (value >> 29)) * FACTOR_1;
  return value ^ (value >> 32);
}
