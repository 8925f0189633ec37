import type { Sys } from "../machine/sys.ts";
import type { UserBuffer } from "../machine/user_memory.ts";

/** Size of a page. Unit: bytes. */
export const PAGE = 4096;

/** A buffer whose pages are there already, as a program's are that runs for a while; it begins at the beginning of one. */
export function usedBuffer(sys: Sys, length: number): UserBuffer {
  const buffer = sys.buffer(length);
  for (let at = 0; at < length; at += PAGE) buffer.set([0], at);
  return buffer;
}
