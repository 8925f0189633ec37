import type { Facts } from "./message.ts";
import { userAddress } from "../user-address.ts";

/** The address of a record, whose halves are its arguments low and high. */
export function at({ args }: Facts): string {
  return `0x${userAddress(args["low"] ?? 0, args["high"] ?? 0).toString(16)}`;
}
