/** 2^32 divided by the golden ratio, made odd: its multiples are spread evenly (Knuth, TAOCP 3, 6.4). */
const GOLDEN_RATIO_32: u32 = 0x9e3779b9;
/** 2^64 divided by the golden ratio, made odd. */
const GOLDEN_RATIO_64: u64 = 0x9e3779b97f4a7c15;

/** Spreads a number over 2^bits values; `bits` is 0 to 32. @kernel hash_32(), include/linux/hash.h */
export function hash_32(value: u32, bits: u32): u32 {
  return bits ? (value * GOLDEN_RATIO_32) >> (32 - bits) : 0;
}

/** Spreads a number over 2^bits values; `bits` is 0 to 32. @kernel hash_64(), include/linux/hash.h */
export function hash_64(value: u64, bits: u32): u32 {
  return bits ? <u32>((value * GOLDEN_RATIO_64) >> (64 - bits)) : 0;
}

/** Mixes one word into a hash: multiply, turn, multiply, so that every bit reaches every other within two words. */
function mix(hash: u32, word: u32): u32 {
  hash ^= rotl<u32>(word * GOLDEN_RATIO_32, 15) * 0x85ebca6b;
  return rotl<u32>(hash, 13) * 5 + 0x3c6ef372;
}

/** Ends a hash: the low bits depend on all others. */
function avalanche(hash: u32): u32 {
  hash ^= hash >> 16;
  hash *= 0x7feb352d;
  hash ^= hash >> 15;
  hash *= 0x846ca68b;
  return hash ^ (hash >> 16);
}

/**
 * Hash of some bytes.
 *
 * Differs from Linux: another function, with the same use.
 *
 * @param length  Unit: bytes.
 * @param seed    Different seeds give independent hashes.
 * @kernel jhash(), include/linux/jhash.h
 */
export function jhash(key: usize, length: u32, seed: u32): u32 {
  let hash = seed ^ length;
  let end = key + length;
  for (; key + 4 <= end; key += 4) hash = mix(hash, load<u32>(key));
  if (key < end) {
    let rest: u32 = 0;
    for (; key < end; key++) rest = (rest << 8) | load<u8>(key);
    hash = mix(hash, rest);
  }
  return avalanche(hash);
}

/** Hash of three numbers, such as an address, its port and a protocol. @kernel jhash_3words(), include/linux/jhash.h */
export function jhash_3words(a: u32, b: u32, c: u32, seed: u32): u32 {
  return avalanche(mix(mix(mix(seed, a), b), c));
}
