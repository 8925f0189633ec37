/** Bit of the upper half of a user address, which no address has: a count was changed by an atomic instruction. */
const ATOMIC = 0x8000_0000;

/** The user address that a record of the C or C++ library is about, by the halves that are its first two arguments. */
export function userAddress(low: number, high: number): number {
  return ((high >>> 0) % ATOMIC) * 0x1_0000_0000 + (low >>> 0);
}

/** Whether a record of a count says that an atomic instruction changed it, by its second argument. */
export function isAtomic(high: number): boolean {
  return high >>> 0 >= ATOMIC;
}
