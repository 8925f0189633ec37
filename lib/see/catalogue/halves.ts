import type { Facts } from "./message.ts";

/** Bit of the upper half of an address, which no address has: a count was changed by an atomic instruction. */
export const ATOMIC = 0x8000_0000;

/** The address of a record, whose halves are its arguments low and high. */
export function at({ args }: Facts): string {
  const high = (args["high"] ?? 0) >>> 0;
  return `0x${((high % ATOMIC) * 0x1_0000_0000 + ((args["low"] ?? 0) >>> 0)).toString(16)}`;
}
