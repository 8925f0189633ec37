/** The least power of two that is not less than a number. @kernel roundup_pow_of_two(), include/linux/log2.h */
export function roundup_pow_of_two(n: u32): u32 {
  return n <= 1 ? 1 : (<u32>1) << (32 - <u32>clz(n - 1));
}
